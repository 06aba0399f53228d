// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Syncable;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ForcingTest {
    /** A file of Linux that answers EINVAL when it is to be forced. */
    private static final Path UNFORCEABLE = Path.of("/dev/null");

    @TempDir private Path folder;

    @Test
    void forcesFiles() throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        folder.resolve("a"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            assertThat(Forcing.force(channel)).isTrue();
        }
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(folder.resolve("b").toUri());
        FileSystem files = FileSystem.getLocal(new Configuration(false)).getRaw();
        try (FSDataOutputStream out = files.create(file)) {
            assertThat(Forcing.force(out, files, file)).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tellsWhereAFileSystemHasNoSuchCall() throws IOException {
        try (FileChannel channel = FileChannel.open(UNFORCEABLE, StandardOpenOption.WRITE)) {
            assertThat(Forcing.force(channel)).isFalse();
        }
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(UNFORCEABLE.toUri());
        FileSystem files = FileSystem.getLocal(new Configuration(false)).getRaw();
        try (FSDataOutputStream out = new FSDataOutputStream(new Unforceable(), null)) {
            assertThat(Forcing.force(out, files, file)).isFalse();
        }
    }

    /** Fails as Hadoop's local files do, without making one: that would change a device. */
    private static final class Unforceable extends ByteArrayOutputStream implements Syncable {
        @Override
        public void hflush() {}

        @Override
        public void hsync() throws IOException {
            throw new SyncFailedException("sync failed");
        }
    }

    @Test
    void takesNoOtherFailureForThat() throws IOException {
        FileChannel closed =
                FileChannel.open(
                        folder.resolve("a"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
        closed.close();
        assertThatThrownBy(() -> Forcing.force(closed)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void firstLinesAreOfTheInnermostMessage() {
        assertThat(
                        Text.firstLine(
                                new IOException(
                                        "outer\nmore", new IOException("\ninner: why\n\tat a"))))
                .isEqualTo("inner: why");
        assertThat(Text.firstLine(new IOException("outer", new IOException((String) null))))
                .isEqualTo("outer");
        assertThat(Text.firstLine(new IOException((String) null))).isEqualTo("IOException");
        assertThat(Text.firstLine(new IOException("x".repeat(1000))))
                .isEqualTo("x".repeat(300) + "...");
    }
}
