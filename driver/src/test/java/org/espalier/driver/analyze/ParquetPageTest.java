// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.espalier.driver.AnalysedSweep;
import org.espalier.driver.AnalysedSweep.Said;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The queries of docs/parquet.md, on cells that were run, agree with {@code analyze}. */
class ParquetPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @TempDir private static Path folder;
    private static AnalysedSweep sweep;
    private static String page;
    private static JsonNode answers;
    private static AnalysedSweep setting;
    private static JsonNode settingAnswers;

    @BeforeAll
    static void run() throws IOException {
        sweep = AnalysedSweep.run(folder);
        page = Files.readString(ROOT.resolve("docs/parquet.md"));
        answers = analysis(sweep);
        setting = AnalysedSweep.runOneSetting(folder.resolve("setting"));
        settingAnswers = analysis(setting);
    }

    private static String block(String begin, AnalysedSweep of) {
        Matcher found =
                Pattern.compile("(?s)```[a-z]+\n(" + Pattern.quote(begin) + "\n.*?)```")
                        .matcher(page);
        assertThat(found.find()).as(begin).isTrue();
        return found.group(1).strip().replace("DIR", of.out()).replace("RECIPE", "tame");
    }

    private static String key(
            Object recipe, Object architecture, Object method, Object control, double ratio) {
        boolean other = control != null && !control.equals("fine-tuned");
        return Text.of(
                "%s %s %s%s %s",
                recipe,
                architecture,
                method,
                other ? " " + control : "",
                control != null ? 0.0 : ratio);
    }

    /** A column of one of the tables, by the same keys. */
    private static Map<String, Double> analysed(JsonNode answers, String id, String column) {
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode answer : answers) {
            for (JsonNode table : answer.get("tables")) {
                if (!table.get("id").asText().equals(id)) {
                    continue;
                }
                List<String> names = new ArrayList<>();
                table.get("columns").forEach(c -> names.add(c.get("name").asText()));
                for (JsonNode line : table.get("lines")) {
                    JsonNode value = line.get(names.indexOf(column));
                    if (value.isNull()) {
                        continue;
                    }
                    if (id.equals("methods")) { // of one setting, with the ratio as "10x" in words
                        if (line.get(0).asText().equals("all")) {
                            continue;
                        }
                        double ratio = Double.parseDouble(line.get(0).asText().replace("x", ""));
                        values.put(
                                key("tame", "mlp-8", line.get(1).asText(), null, ratio),
                                value.asDouble());
                        continue;
                    }
                    values.put(
                            Text.of(
                                    "%s %s %s %s",
                                    line.get(names.indexOf("recipe")).asText(),
                                    line.get(names.indexOf("architecture")).asText(),
                                    line.get(names.indexOf("method")).asText(),
                                    line.get(names.indexOf("ratio")).asDouble()),
                            value.asDouble());
                }
            }
        }
        return values;
    }

    private static JsonNode analysis(AnalysedSweep of) throws IOException {
        Said said = of.espalier("analyze", of.out(), "--format", "json");
        assertThat(said.code()).as(said.err()).isZero();
        return new ObjectMapper().readTree(said.out()).get("answers");
    }

    private static void compare(Map<String, Double> query, String table, String column) {
        boolean methods = table.equals("methods");
        Map<String, Double> expected = analysed(methods ? settingAnswers : answers, table, column);
        assertThat(expected).hasSizeGreaterThanOrEqualTo(4);
        assertThat(query.keySet()).containsAll(expected.keySet());
        expected.forEach(
                (key, value) -> assertThat(query.get(key)).as(key).isCloseTo(value, within(1e-9)));
    }

    private static AnalysedSweep sweepOf(String question) {
        return question.equals("methods") ? setting : sweep;
    }

    /** Question, table and column of {@code analyze} with the query's value. */
    private static final String QUESTIONS =
            """
            recall, recall, alpha
            stability, stability, stability
            compensation, compensation, fine_tuned
            tickets, tickets, difference
            methods, methods, mean
            """;

    @ParameterizedTest
    @CsvSource(textBlock = QUESTIONS)
    void duckDbAgrees(String question, String table, String column) throws Exception {
        Map<String, Double> values = new TreeMap<>();
        String query = block("-- DuckDB: " + question, sweepOf(question));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet rows = duck.createStatement().executeQuery(query)) {
            while (rows.next()) {
                values.put(
                        key(
                                rows.getObject("recipe"),
                                rows.getObject("architecture"),
                                rows.getObject("method"),
                                rows.getObject("control"),
                                rows.getDouble("ratio")),
                        rows.getDouble("value"));
            }
        }
        compare(values, table, column);
    }

    @ParameterizedTest
    @CsvSource(textBlock = QUESTIONS)
    void sparkAgrees(String question, String table, String column) {
        Map<String, Double> values = new TreeMap<>();
        AnalysedSweep of = sweepOf(question);
        try (SparkCluster cluster = SparkCluster.start("test", "local[2]", Map.of())) {
            SparkSession spark = cluster.sql();
            spark.read().parquet(of.out() + "/results").createOrReplaceTempView("cells");
            for (Row row : spark.sql(block("-- Spark: " + question, of)).collectAsList()) {
                int at = row.fieldIndex("value");
                if (!row.isNullAt(at)) {
                    values.put(
                            key(
                                    row.getAs("recipe"),
                                    row.getAs("architecture"),
                                    row.getAs("method"),
                                    row.getAs("control"),
                                    row.<Double>getAs("ratio")),
                            row.getDouble(at));
                }
            }
        }
        compare(values, table, column);
    }

    @ParameterizedTest
    @CsvSource(textBlock = QUESTIONS)
    void pandasAgrees(String question, String table, String column) throws Exception {
        compare(pandas(question), table, column);
    }

    private static Map<String, Double> pandas(String question) throws Exception {
        assumeTrue(
                started("python3", "-c", "import pandas, pyarrow").waitFor() == 0,
                "python3 has no pandas and pyarrow: the page's pandas is not run");
        String setUp =
                "import sys\nsys.path.append(%r)\nimport espalier\ncells = espalier.rows(%r)\n"
                        .replaceFirst("%r", "'" + ROOT.resolve("scripts") + "'")
                        .replaceFirst("%r", "'" + sweepOf(question).out() + "'");
        Path script =
                Files.writeString(
                        folder.resolve(question + ".py"),
                        setUp
                                + block("# pandas: " + question, sweepOf(question))
                                + "\nsys.stdout.write(result.to_json(orient='records', double_precision=15))\n");
        Process process = started("python3", "-B", script.toString());
        String out =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode row : new ObjectMapper().readTree(out.substring(out.indexOf('[')))) {
            if (row.get("value").isNull()) {
                continue;
            }
            JsonNode control = row.get("condition.control");
            values.put(
                    key(
                            row.get("condition.recipe").asText(),
                            row.get("condition.architecture").asText(),
                            row.get("condition.method").asText(),
                            control.isNull() ? null : control.asText(),
                            row.get("condition.ratio").asDouble()),
                    row.get("value").asDouble());
        }
        return values;
    }

    private static Process started(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
