// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.PositionOutputStream;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every storage must do; one subclass each. */
abstract class StorageContract {
    @TempDir java.nio.file.Path temporary;
    private Storage storage;
    private Path root;

    abstract Storage storage() throws IOException;

    @BeforeEach
    void open() throws IOException {
        storage = storage();
        root = new Path(temporary.resolve("root").toUri()); // which does not end in a slash yet
        storage.createFolder(root);
    }

    @Test
    void writesAFileOnceAndReadsItAnywhere() throws IOException {
        Path file = new Path(root, "a");
        write(file, "hello");

        try (var in = storage.input(file).newStream()) {
            byte[] bytes = new byte[3];
            in.seek(1);
            in.readFully(bytes);
            assertThat(bytes).asString().isEqualTo("ell");
            assertThat(in.getPos()).isEqualTo(4);
        }
        assertThat(storage.input(file).getLength()).isEqualTo(5);
        assertThatThrownBy(() -> write(file, "again")).isInstanceOf(IOException.class);
    }

    @Test
    void listsNamesInOrder() throws IOException {
        write(new Path(root, "b"), "");
        write(new Path(root, "a"), "");
        storage.createFolder(new Path(root, "c"));

        assertThat(storage.list(root)).containsExactly("a", "b", "c");
    }

    @Test
    void tellsAMissingFolderFromAnEmptyOne() throws IOException {
        Path folder = new Path(root, "deep/er");
        assertThatThrownBy(() -> storage.list(folder)).isInstanceOf(FileNotFoundException.class);

        storage.createFolder(folder);
        storage.createFolder(folder);

        assertThat(storage.list(folder)).isEmpty();
    }

    @Test
    void refusesToOpenAMissingFile() {
        assertThatThrownBy(() -> storage.input(new Path(root, "none")).newStream())
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void renamesAFolderWithWhatIsInIt() throws IOException {
        Path from = new Path(root, "from");
        storage.createFolder(from);
        write(new Path(from, "a"), "hello");

        storage.rename(from, new Path(root, "to"));
        storage.sync(root);

        assertThat(storage.list(root)).containsExactly("to");
        assertThat(storage.list(new Path(root, "to"))).containsExactly("a");
    }

    @Test
    void renamesOntoNothingThatExists() throws IOException {
        Path file = new Path(root, "file");
        Path other = new Path(root, "other");
        Path folder = new Path(root, "folder");
        write(file, "1");
        write(other, "22");
        storage.createFolder(folder);

        for (Path target : new Path[] {other, folder}) {
            assertThatThrownBy(() -> storage.rename(file, target))
                    .isInstanceOf(ResultsException.class)
                    .hasMessage(Text.of("%s cannot become %s, which exists", file, target));
        }
        assertThat(storage.list(root)).containsExactly("file", "folder", "other");
        assertThat(storage.input(other).getLength()).isEqualTo(2);
    }

    @Test
    void refusesToRenameWhatIsMissing() {
        assertThatThrownBy(() -> storage.rename(new Path(root, "none"), new Path(root, "to")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void removesFoldersWithWhatIsInThemAndNothingTwice() throws IOException {
        Path folder = new Path(root, "folder");
        storage.createFolder(new Path(folder, "inner"));
        write(new Path(folder, "inner/a"), "1");

        storage.delete(folder);
        storage.delete(folder);

        assertThat(storage.exists(folder)).isFalse();
    }

    @Test
    void locksOnceAndAgainAfterClosing() throws IOException {
        Path file = new Path(root, "_lock");
        try (FolderLock lock = storage.lock(file)) {
            assertThat(lock).isNotNull();
            for (int attempt = 1; attempt <= 2; attempt++) {
                assertThatThrownBy(() -> storage.lock(file))
                        .isInstanceOf(ResultsException.class)
                        .hasMessageMatching(
                                Text.of(
                                        "%s is in use by process %d on host \\S+ since \\S+Z%s",
                                        "\\Q" + root + "\\E",
                                        ProcessHandle.current().pid(),
                                        remedy(file)));
            }
        }
        storage.lock(file).close();
    }

    @Test
    void aLockClosedTwiceLeavesTheNextHolderAlone() throws IOException {
        Path file = new Path(root, "_lock");
        FolderLock first = storage.lock(file);
        first.close();
        try (FolderLock second = storage.lock(file)) {
            assertThat(second).isNotSameAs(first);
            first.close();

            assertThatThrownBy(() -> storage.lock(file)).isInstanceOf(ResultsException.class);
        }
    }

    /** How the sentence about a held lock ends, as a pattern. */
    abstract String remedy(Path file);

    private void write(Path file, String text) throws IOException {
        try (PositionOutputStream out = storage.output(file).create(0)) {
            out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(out.getPos()).isEqualTo(text.length());
        }
    }
}
