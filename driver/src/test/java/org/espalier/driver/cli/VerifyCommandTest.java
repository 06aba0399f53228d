// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.driver.AnalysedSweep;
import org.espalier.driver.AnalysedSweep.Said;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of a run, whole and not. */
class VerifyCommandTest {
    @TempDir private static Path folder;
    private static AnalysedSweep sweep;

    @BeforeAll
    static void run() throws IOException {
        sweep = AnalysedSweep.runOneSetting(folder); // 5 seeds, the control and 2 x 2 cells
    }

    private static Path copy(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(Path.of(sweep.out()))) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(Path.of(sweep.out()).relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }

    private static List<Path> rows(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of.resolve("results"))) {
            return files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
        }
    }

    @Test
    void resultsThatAreWhole() {
        Said said = sweep.espalier("verify", sweep.out());
        assertThat(said.code()).isZero();
        assertThat(said.lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("25 rows of ")
                .endsWith(" read, every checksum fits");
        assertThat(said.lines().get(1)).isEqualTo("every cell of the sweep has a row");
    }

    /** In pages and between them. Behind the rows, in indexes and texts, it changes no row. */
    @Test
    void aBitThatIsFlipped() throws IOException {
        Path copy = copy("flipped");
        Path file = rows(copy).get(0);
        byte[] bytes = Files.readAllBytes(file);
        int footer =
                ByteBuffer.wrap(bytes, bytes.length - 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
        int rows = bytes.length - 8 - footer;
        for (int at : new int[] {4, rows / 10, rows / 5, rows / 4}) {
            bytes[at] ^= 1;
            Files.write(file, bytes);
            Said said = sweep.espalier("verify", copy.toString());
            assertThat(said.code()).as("byte %d of %d", at, rows).isEqualTo(Espalier.USAGE);
            assertThat(said.lines())
                    .filteredOn(line -> line.startsWith("wrong: "))
                    .singleElement()
                    .asString()
                    .contains(file.getFileName().toString())
                    .endsWith("; move it out of the folder, and run does its cells again");
            bytes[at] ^= 1;
        }
    }

    @Test
    void aSecondRowOfACell() throws IOException {
        Path copy = copy("twice");
        Path file = rows(copy).get(0);
        Files.copy(file, file.resolveSibling("rows-99999999.parquet"));
        Said said = sweep.espalier("verify", copy.toString());
        assertThat(said.code()).isEqualTo(Espalier.USAGE);
        assertThat(said.lines())
                .filteredOn(line -> line.startsWith("wrong: "))
                .isNotEmpty()
                .allMatch(line -> line.contains("rows-99999999.parquet has a second row of cell "));
    }

    @Test
    void rowsThatAreNotThereYetAreNothingWrong() throws IOException {
        Path copy = copy("fewer");
        for (Path file : rows(copy)) {
            Files.delete(file);
        }
        Said said = sweep.espalier("verify", copy.toString());
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("25 of 25 cells of the sweep have no row yet");
    }
}
