// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HolderFileTest {
    private static final IOException WHY = new IOException("No locks available");

    @TempDir private Path folder;
    private Path local;
    private org.apache.hadoop.fs.Path lock;

    @BeforeEach
    void name() {
        local = folder.resolve("_lock");
        lock = new org.apache.hadoop.fs.Path(local.toUri());
    }

    @Test
    void keepsAnotherOutUntilItIsClosed() throws IOException {
        HolderFile first = HolderFile.acquire(lock, local, "process 1 on host a", WHY);
        assertThat(first.remark())
                .hasValue(
                        Text.of(
                                "%s is on a file system without locks (No locks available): the file _lock.held keeps other runs out, and if this run is killed, delete that file by hand",
                                lock.getParent()));

        assertHeld(() -> HolderFile.acquire(lock, local, "process 2 on host b", WHY));
        first.close();
        HolderFile second = HolderFile.acquire(lock, local, "process 2 on host b", WHY);
        first.close(); // again: it must not give up the second one's
        assertThat(folder.resolve("_lock.held")).hasContent("process 2 on host b");
        second.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void keepsOutAHostThatHasLocks() throws IOException {
        try (HolderFile held = HolderFile.acquire(lock, local, "process 1 on host a", WHY)) {
            assertThat(held.remark()).isPresent();
            assertHeld(() -> LocalLock.acquire(lock, local));
        }
        try (FolderLock free = LocalLock.acquire(lock, local)) {
            assertThat(free.remark()).isEmpty();
        }
    }

    @Test
    void saysSomethingOfAHolderThatHasNotWrittenItsName() throws IOException {
        Files.createFile(folder.resolve("_lock.held"));

        assertThatThrownBy(() -> HolderFile.acquire(lock, local, "process 2 on host b", WHY))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("is in use by another process");
    }

    private void assertHeld(org.assertj.core.api.ThrowableAssert.ThrowingCallable acquiring) {
        assertThatThrownBy(acquiring)
                .isInstanceOf(ResultsException.class)
                .hasMessage(
                        Text.of(
                                "%s is in use by process 1 on host a (if that process is gone, delete %s)",
                                lock.getParent(), folder.resolve("_lock.held")));
    }
}
