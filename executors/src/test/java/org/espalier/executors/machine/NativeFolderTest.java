// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
    private static final List<String> KEYS =
            List.of("java.io.tmpdir", "org.bytedeco.javacpp.cachedir");

    @TempDir private Path folder;
    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void clear() {
        KEYS.forEach(key -> before.put(key, System.clearProperty(key)));
    }

    @AfterEach
    void restore() {
        before.forEach(
                (key, value) -> {
                    if (value == null) {
                        System.clearProperty(key);
                    } else {
                        System.setProperty(key, value);
                    }
                });
    }

    private static List<String> chosen() {
        return KEYS.stream().map(System::getProperty).toList();
    }

    /** A place where nobody, not even root, can make a file. */
    private Path unusable() throws IOException {
        Path file = folder.resolve("file");
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        return file.resolve("below");
    }

    @Test
    void changesNothingWhereAllIsAsUsual() {
        Path spare = folder.resolve("spare");

        assertThat(NativeFolder.choose(folder.toString(), folder.toString(), Optional.of(spare)))
                .isEmpty();
        assertThat(chosen()).containsExactly(null, null);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takesTheSpareFolderInPlaceOfATemporaryOneThatCannotBeUsed() throws IOException {
        Path spare = folder.resolve("spare");
        String temporary = unusable().toString();

        assertThat(NativeFolder.choose(temporary, folder.toString(), Optional.of(spare)))
                .hasValue(
                        Text.of(
                                "temporary files go to %s: the temporary folder %s is missing, full or mounted noexec, and native libraries are loaded from there",
                                spare, temporary));
        assertThat(chosen()).containsExactly(spare.toString(), null);
        assertThat(spare).isEmptyDirectory();
    }

    @Test
    void takesTheSpareFolderForUsersWithoutAHome() {
        Path spare = folder.resolve("spare");

        assertThat(NativeFolder.choose(folder.toString(), "?", Optional.of(spare))).isEmpty();
        assertThat(chosen()).containsExactly(null, spare.resolve("javacpp").toString());
    }

    @Test
    void saysWhatWasTriedWhereNothingCanBeUsed() throws IOException {
        String nowhere = unusable().toString();
        Path spare = unusable().resolve("spare");

        assertThatThrownBy(
                        () -> NativeFolder.choose(nowhere, folder.toString(), Optional.of(spare)))
                .isInstanceOf(BadMachineException.class)
                .hasMessage(
                        Text.of(
                                "native libraries cannot be unpacked: expected a folder in which a file of 8 MB can be written and executed, got %s and %s (missing, full, mounted noexec, or files are limited by ulimit -f); name one with ESPALIER_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                                nowhere, spare));
        assertThat(chosen()).containsExactly(null, null);
    }

    @Test
    void theSpareFolderIsInAStoreOfThisMachine() {
        assertThat(NativeFolder.inStore("file:" + folder)).hasValue(folder.resolve("_native"));
        assertThat(NativeFolder.inStore(folder.toString())).hasValue(folder.resolve("_native"));
        assertThat(NativeFolder.inStore("hdfs://name/store")).isEmpty();
    }
}
