// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.AnalysedSweep;
import org.espalier.driver.AnalysedSweep.Said;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.driver.spark.StoredCells;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.TestedNetwork;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.results.CellRow;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyzeCommandTest {
    @TempDir private static Path folder;
    private static AnalysedSweep sweep;

    @BeforeAll
    static void run() throws IOException {
        sweep = AnalysedSweep.run(folder);
    }

    /** What Spark SQL makes of a row is what plain Java makes of it. */
    @Test
    void readsWhatTheRowsHold() throws IOException {
        Map<String, CellRow> rows = new TreeMap<>();
        for (FiledRow filed :
                ResultsFolder.read(
                        new org.apache.hadoop.fs.Path(sweep.out()), new Configuration())) {
            rows.put(filed.row().cellId(), filed.row());
        }
        List<CellResult> cells;
        try (SparkCluster cluster = SparkCluster.start("test", "local[2]", Map.of())) {
            cells =
                    new StoredCells(cluster.sql(), new Configuration())
                            .read(sweep.out(), StoredCells.Detail.PREDICTIONS);
        }
        assertThat(cells).hasSameSizeAs(rows.values()).hasSize(67);
        int recorded = 0;
        for (CellResult cell : cells) {
            CellRow row = rows.get(cell.cellId());
            assertThat(cell.completed()).isEqualTo(row.status() == CellRow.Status.COMPLETED);
            assertThat(cell.seed()).isEqualTo(row.seed());
            assertThat(cell.condition().recipeSettings())
                    .isEqualTo(row.condition().recipeSettings());
            assertThat(cell.weights()).isEqualTo(row.network().prunableWeights());
            if (row.failure() != null) {
                assertThat(cell.failure()).isEqualTo(row.failure().reason());
                assertThat(cell.message()).isEqualTo(row.failure().message());
                continue;
            }
            assertThat(cell.dense().predictions() != null)
                    .isEqualTo(row.condition().record().equals("predictions"));
            if (cell.dense().predictions() != null) { // in one order with their labels
                assertThat(cell.dense().predictions().accuracy())
                        .isEqualTo(row.dense().test().accuracy());
                assertThat(cell.fineTuned().predictions().accuracy())
                        .isEqualTo(row.fineTuned().test().accuracy());
                recorded++;
            }
            assertThat(cell.level()).isEqualTo(row.ticket() == null ? 0 : row.ticket().level());
            compare(cell.dense(), row.dense());
            compare(cell.pruned(), row.pruned());
            compare(cell.fineTuned(), row.fineTuned());
            List<Double> instabilities = new ArrayList<>();
            double last = Double.NEGATIVE_INFINITY;
            int prunings = 0;
            for (CellRow.Event e : row.events()) {
                if (List.of("prune", "zero", "gauss").contains(e.kind())) {
                    prunings++;
                    if (e.instability() != null) {
                        instabilities.add(e.instability());
                    }
                    if (e.after() != null && e.after().accuracy() != null) {
                        last = e.after().accuracy();
                    }
                }
            }
            assertThat(cell.instabilities()).isEqualTo(instabilities);
            assertThat(cell.prunings()).isEqualTo(prunings);
            if (cell.condition().task().equals("classification")) {
                double best = Math.max(last, row.fineTuned().test().accuracy());
                for (CellRow.CurvePoint p : row.curve()) {
                    best = p.round() == prunings ? Math.max(best, p.testAccuracy()) : best;
                }
                assertThat(cell.bestOnTest()).isEqualTo(best);
            } else {
                assertThat(cell.bestOnTest()).isNaN();
            }
            boolean validated =
                    row.condition().validation() > 0
                            && cell.condition().task().equals("classification");
            assertThat(Double.isNaN(cell.selected())).isEqualTo(!validated);
        }
        assertThat(recorded).isEqualTo(30); // of the tame recipe
    }

    @Test
    void predictionsThatTheHeapCannotHoldAreLeftOutInWords() throws IOException {
        try (SparkCluster cluster = SparkCluster.start("test", "local[2]", Map.of())) {
            StoredCells stored = new StoredCells(cluster.sql(), new Configuration(), 100);
            assertThat(stored.read(sweep.out(), StoredCells.Detail.PREDICTIONS))
                    .hasSize(67)
                    .allMatch(c -> c.fineTuned() == null || c.fineTuned().predictions() == null);
            assertThat(stored.remarks())
                    .singleElement()
                    .asString()
                    .contains(sweep.out() + " has predictions of single samples in 30 cells, ")
                    .endsWith("(ESPALIER_JAVA_OPTS=-Xmx1g holds them)");
        }
    }

    private static void compare(TestedNetwork cell, CellRow.Evaluation row) {
        if (row == null || row.test() == null) {
            assertThat(cell).isNull();
            return;
        }
        CellRow.Measures test = row.test();
        assertThat(cell.loss()).isEqualTo(test.loss());
        assertThat(cell.cleanLoss())
                .isEqualTo(row.testClean() == null ? test.loss() : row.testClean().loss());
        assertThat(Double.isNaN(cell.trainAccuracy()))
                .isEqualTo(row.train() == null || row.train().accuracy() == null);
        if (test.accuracy() == null) {
            assertThat(cell.accuracy()).isNaN();
            assertThat(cell.recalls()).isNull();
            return;
        }
        assertThat(cell.accuracy()).isEqualTo(test.accuracy());
        assertThat(cell.recalls().correct()).isEqualTo(ClassRecalls.of(test).correct());
        assertThat(cell.recalls().total()).isEqualTo(ClassRecalls.of(test).total());
        assertThat(cell.constant()).isEqualTo(test.constantClass() != null);
        double error = 0;
        for (CellRow.CalibrationBin b : test.calibration()) {
            error += Math.abs(b.confidence() - b.correct());
        }
        assertThat(cell.calibrationError()).isEqualTo(error / test.samples());
    }

    @Test
    void printsWhatRowsSayWithinTheScreen() {
        Said said = sweep.espalier("analyze", sweep.out(), "--master", "local[2]");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .startsWith("67 cells, 2 failed")
                .contains(
                        "recall: Does pruning widen",
                        "stability: Do networks",
                        "compensation: What does",
                        "tickets: Down to which",
                        "methods: Which method",
                        "failed cells are in no mean: undecayed at 2x",
                        "10 cells are regressions")
                .doesNotContain("NaN", "null");
        assertFits(said);
    }

    /** A word that is wider alone stays whole: the settings of a schedule. */
    private static void assertFits(Said said) {
        assertThat(said.lines())
                .allSatisfy(
                        l -> {
                            if (l.strip().contains(" ")) {
                                assertThat(l.length()).isLessThanOrEqualTo(80);
                            }
                        });
    }

    @Test
    void filesOfAllFormatsSayTheSame() throws Exception {
        Path csv = folder.resolve("csv");
        Path parquet = folder.resolve("parquet");
        Path latex = folder.resolve("latex");
        for (var e : Map.of("csv", csv, "parquet", parquet, "latex", latex).entrySet()) {
            Said said =
                    sweep.espalier(
                            "analyze",
                            sweep.out(),
                            "--format",
                            e.getKey(),
                            "--out",
                            e.getValue().toString());
            assertThat(said.code()).as(said.err()).isZero();
        }
        JsonNode json =
                new ObjectMapper()
                        .readTree(sweep.espalier("analyze", sweep.out(), "--format", "json").out());
        int compared = 0;
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            for (JsonNode answer : json.get("answers")) {
                for (JsonNode table : answer.get("tables")) {
                    String id = table.get("id").asText();
                    if (table.get("lines").isEmpty()) {
                        assertThat(csv.resolve(id + ".csv")).doesNotExist();
                        continue;
                    }
                    List<String> header = new ArrayList<>();
                    table.get("columns").forEach(c -> header.add(c.get("name").asText()));
                    List<String> lines =
                            Files.readString(csv.resolve(id + ".csv"), StandardCharsets.UTF_8)
                                    .lines()
                                    .toList();
                    assertThat(lines.get(0)).isEqualTo(String.join(",", header));
                    assertThat(lines).hasSize(table.get("lines").size() + 1);
                    assertThat(Files.readString(latex.resolve(id + ".tex")))
                            .contains("\\toprule", "\\bottomrule");
                    try (ResultSet rows =
                            duck.createStatement()
                                    .executeQuery(
                                            Text.of(
                                                    "SELECT * FROM read_parquet('%s')",
                                                    parquet.resolve(id + ".parquet")))) {
                        for (JsonNode line : table.get("lines")) {
                            assertThat(rows.next()).isTrue();
                            for (int c = 0; c < header.size(); c++) {
                                Object value = rows.getObject(c + 1);
                                JsonNode expected = line.get(c);
                                compared++;
                                if (expected.isNull()) {
                                    assertThat(value).isNull();
                                } else if (expected.isNumber()) {
                                    assertThat(((Number) value).doubleValue())
                                            .isEqualTo(expected.asDouble());
                                } else {
                                    assertThat(value).isEqualTo(expected.asText());
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(5000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"recall", "stability", "compensation", "tickets", "methods"})
    void eachQuestionAlone(String question) {
        Said said =
                sweep.espalier("analyze", sweep.out(), "--question", question, "--table", "all");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains(question + ": ", "What to know");
        assertFits(said);
    }

    @Test
    void drawsTheFiguresOfTheReport(@TempDir Path made) throws IOException {
        Path out = made.resolve("figures");
        Said said =
                sweep.espalier("analyze", sweep.out(), "--figures", "svg", "--out", out.toString());
        assertThat(said.code()).as(said.err()).isZero();
        try (var files = Files.list(out)) {
            assertThat(files)
                    .hasSizeGreaterThan(5)
                    .allSatisfy(
                            file -> {
                                assertThat(said.out()).contains("wrote " + file);
                                assertThat(Files.readString(file)).contains("<svg", "</svg");
                            });
        }
    }

    @Test
    void powerPrintsTheSeedLine() {
        Said said = sweep.espalier("analyze", sweep.out(), "--power");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).containsPattern("(?m)^seed: 6(\\.\\.\\d+)?$").contains("--extend");
    }

    @Test
    void aFolderNamedTwiceCountsOnce() {
        Said said =
                sweep.espalier("analyze", sweep.out(), sweep.out() + "/.", "--question", "recall");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("67 cells, 2 failed; 67 rows left out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--question recal|--question: unknown \"recal\"; did you mean \"recall\"?",
                "--format jsn|--format: unknown \"jsn\"; did you mean \"json\"?",
                "--by metod|--by: unknown \"metod\"; did you mean \"method\"?",
                "--table recal|--table: unknown \"recal\"; did you mean \"recall\"?",
                "--format csv|--format csv writes a file for each table: name a folder with --out",
                "--out x|--out is for files: add --format csv, parquet, json or latex, or --figures",
                "--figures svg|--figures writes files: name a folder with --out",
                "--figures sgv --out x|--figures: unknown \"sgv\"; did you mean \"svg\"?",
                "--level 2|--level: expected a number between 0.5 and 1, got 2.0",
                "--alpha-margin 0|--alpha-margin: expected a number above 0, got 0.0"
            })
    void oneMessageForAMistake(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of("analyze", sweep.out()));
        arguments.addAll(List.of(options.split(" ")));
        Said said = sweep.espalier(arguments.toArray(String[]::new));
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).startsWith("espalier: " + message).doesNotContain("\tat ");
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void foldersThatCannotBeAnalysed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(refused(empty)).contains("holds no results: expected a folder given to");
        Path foreign = Files.createDirectories(folder.resolve("foreign/results"));
        Files.copy(someTable(), foreign.resolve("rows-00000001.parquet"));
        assertThat(refused(foreign.getParent())).contains("rows-00000001.parquet");
        Path broken = Files.createDirectories(folder.resolve("broken/results"));
        Files.writeString(broken.resolve("rows-00000001.parquet"), "no Parquet");
        assertThat(refused(broken.getParent())).contains("rows-00000001.parquet");
        Path mixed = Files.createDirectories(folder.resolve("mixed/results"));
        Path versions =
                Path.of("").toAbsolutePath().resolveSibling("results-schema/src/test/resources");
        for (int version = 1; version <= 2; version++) {
            Files.copy(
                    versions.resolve(Text.of("org/espalier/results/cell-row-v%d.parquet", version)),
                    mixed.resolve(Text.of("rows-0000000%d.parquet", version)));
        }
        assertThat(refused(mixed.getParent()))
                .contains("rows-00000001.parquet", "it has schema version 1, which Espalier 0.1");
    }

    private static Path someTable() throws IOException {
        Path tables = folder.resolve("some");
        sweep.espalier(
                "analyze",
                sweep.out(),
                "--question",
                "recall",
                "--format",
                "parquet",
                "--out",
                tables.toString());
        return tables.resolve("recall.parquet");
    }

    private static String refused(Path of) {
        Said said = sweep.espalier("analyze", of.toString());
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).startsWith("espalier: ").doesNotContain("\tat ");
        assertThat(said.err().lines()).hasSize(1);
        return said.err();
    }
}
