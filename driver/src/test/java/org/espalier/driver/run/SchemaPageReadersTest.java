// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the schema's page shows for readers other than DuckDB, on its golden rows: Spark SQL gives
 * what DuckDB does; pandas and polars are run where {@code python3} has them.
 */
@Timeout(120)
class SchemaPageReadersTest {
    private static final Path MODULE = Path.of("../results-schema");

    @TempDir private Path folder;
    private String page;

    @BeforeEach
    void copyGoldenRows() throws IOException {
        Path results = Files.createDirectories(folder.resolve("results"));
        Files.copy(
                MODULE.resolve("src/test/resources/org/espalier/results/cell-row-v2.parquet"),
                results.resolve("rows-00000001.parquet"));
        page = Files.readString(MODULE.resolve("SCHEMA.md"));
    }

    private List<String> blocks(String fence) {
        return Pattern.compile("```" + fence + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(found -> found.group(1).replace("DIR", folder.toString()))
                .toList();
    }

    /** A query of DuckDB by how it begins. */
    private String query(String comment) {
        return blocks("sql").stream()
                .filter(sql -> sql.startsWith("-- " + comment))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sparkGivesWhatDuckDbGives() throws SQLException {
        List<String> spark = blocks("sql spark");
        assertThat(spark).hasSize(4);
        List<String> same =
                List.of(
                        spark.get(0), // both understand it
                        query("learning curves"),
                        query("expected calibration error"),
                        query("churn"));

        List<List<String>> answers = new ArrayList<>();
        try (SparkSession session =
                SparkSession.builder()
                        .master("local[1]")
                        .config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "localhost")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.sql.warehouse.dir", folder.resolve("none").toString())
                        .getOrCreate()) {
            session.read()
                    .parquet(folder.resolve("results").toString())
                    .createOrReplaceTempView("cells");
            for (String sql : spark) {
                answers.add(
                        session.sql(sql).collectAsList().stream()
                                .map(SchemaPageReadersTest::line)
                                .toList());
            }
        }

        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute(
                    "CREATE VIEW cells AS SELECT * FROM '" + folder + "/results/*.parquet'");
            for (int i = 0; i < same.size(); i++) {
                assertThat(answers.get(i))
                        .as(spark.get(i))
                        .isNotEmpty()
                        .containsExactlyInAnyOrderElementsOf(lines(statement, same.get(i)));
            }
        }
    }

    private static String line(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(shown(row.get(i)));
        }
        return String.join("|", values);
    }

    private static List<String> lines(Statement statement, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(shown(rows.getObject(i)));
                }
                lines.add(String.join("|", values));
            }
        }
        return lines;
    }

    /** The order of a sum may differ. */
    private static String shown(Object value) {
        return value instanceof Double number
                ? String.format(Locale.ROOT, "%.10g", number)
                : String.valueOf(value);
    }

    @Test
    void pandasReadsThem() throws Exception {
        String said = python("pandas, pyarrow", blocks("python").get(0));

        for (String method : completedMethods()) {
            assertThat(said).contains(method);
        }
        assertThat(said).contains("condition.method", "mean", "std", "count");
    }

    @Test
    void polarsReadsThem() throws Exception {
        String said = python("polars", blocks("python").get(1));

        for (String method : completedMethods()) {
            assertThat(said).contains(method);
        }
        assertThat(said).contains("method", "accuracy");
    }

    private List<String> completedMethods() throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            List<String> methods =
                    lines(
                            statement,
                            "SELECT DISTINCT condition.method FROM '"
                                    + folder
                                    + "/results/*.parquet' WHERE status = 'COMPLETED' AND task ="
                                    + " 'classification'");
            assertThat(methods).isNotEmpty();
            return methods;
        }
    }

    /** What a script prints; skips the test where a module that it needs is not there. */
    private String python(String modules, String script) throws Exception {
        assumeTrue(
                run("import " + modules).exit() == 0,
                "not run: no python3 with " + modules + " on the path");
        Ran ran = run(script);
        assertThat(ran.exit()).as(ran.said()).isZero();
        return ran.said();
    }

    private record Ran(int exit, String said) {}

    private Ran run(String script) throws Exception {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("python3", "-c", script);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process python;
        try {
            python = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        } catch (IOException e) {
            return new Ran(-1, e.getMessage()); // there is no python3 at all
        }
        try {
            assertThat(python.waitFor(100, TimeUnit.SECONDS)).as("python ends").isTrue();
        } finally {
            python.destroyForcibly();
        }
        return new Ran(python.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }
}
