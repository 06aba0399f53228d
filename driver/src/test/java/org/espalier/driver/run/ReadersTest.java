// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Seq;

/** Spark SQL and DuckDB read the same of {@code DIR/results/*.parquet}. */
class ReadersTest {
    private static final String WITH_FAILURES =
            """
            name: readers
            grid:
              recipe: [wild, tame]
              architecture: mlp-8
              dataset: tiny
              pruning-ratio: [0, 0.5]
              method: [{undecayed: {weight-decay: 0}}, elimination-compensation]
              seed: 1
            recipes:
              wild:
                dense: {optimizer: sgd, learning-rate: 1e29, batch-size: 16, epochs: 1}
                fine-tune: {epochs: 1}
              tame:
                validation: 0.2
                dense: {learning-rate: 0.01, batch-size: 16, epochs: 1}
                fine-tune: {epochs: 1}
            """;

    @Test
    @Timeout(120)
    void agreeOnEveryColumn(@TempDir Path folder) throws Exception {
        TinySweep tiny = new TinySweep(folder);
        tiny.run(WITH_FAILURES, tiny.options("read"));
        String files = folder.resolve("read/results") + "/*.parquet";
        List<Row> spark = spark(files);
        Set<String> seen = new HashSet<>();
        int found = 0;

        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet rows =
                        duck.createStatement()
                                .executeQuery(
                                        Text.of(
                                                "SELECT * FROM read_parquet('%s') ORDER BY cell_id",
                                                files))) {
            while (rows.next()) {
                Row row = spark.get(found++);
                String[] names = row.schema().fieldNames();
                assertThat(rows.getMetaData().getColumnCount()).isEqualTo(names.length);
                for (int c = 0; c < names.length; c++) {
                    assertThat(rows.getMetaData().getColumnName(c + 1)).isEqualTo(names[c]);
                    compare(row.get(c), rows.getObject(c + 1), names[c], seen);
                }
            }
        }

        assertThat(found).isEqualTo(6);
        assertThat(spark).hasSize(6);
        assertThat(seen)
                .contains(
                        "failure.stack",
                        "dense.test.confusion",
                        "curve.validation_accuracy",
                        "events.compensation_norm",
                        "provenance.host",
                        "timings.trunk_reused",
                        "notes");
    }

    /** What {@code run} says of such a path is so, and helps. */
    @Test
    @Timeout(120)
    void foldersThatLookLikeColumnsAreToldOfWithTheWayOut(@TempDir Path folder) throws Exception {
        TinySweep tiny = new TinySweep(folder);
        String out = "seed=7/status=x";
        String sweep = WITH_FAILURES.replace("[wild, tame]", "tame");
        String told =
                Text.of(
                        "DuckDB takes seed=7 and status=x in the path of the results for columns of"
                                + " every row; read them with ");

        TinySweep.Ran ran = tiny.run(sweep, tiny.options(out).store("store"));
        assertThat(ran.said()).contains(told);
        assertThat(tiny.run(sweep, tiny.options("plain").store("store")).said())
                .doesNotContain("DuckDB");

        String reading = ran.said().substring(ran.said().indexOf(told) + told.length());
        String remedy = reading.substring(0, reading.indexOf(')') + 1);
        String usual = remedy.replace(", hive_partitioning=false", "");
        assertThat(seedsAndStatus(usual)).isEqualTo("7 x");
        assertThat(seedsAndStatus(remedy)).isEqualTo("1 COMPLETED");
    }

    private static String seedsAndStatus(String from) throws SQLException {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet rows =
                        duck.createStatement()
                                .executeQuery("SELECT DISTINCT seed, status FROM " + from)) {
            assertThat(rows.next()).isTrue();
            String found = rows.getString(1) + " " + rows.getString(2);
            assertThat(rows.next()).isFalse();
            return found;
        }
    }

    private static List<Row> spark(String files) {
        try (SparkSession session =
                SparkSession.builder()
                        .master("local[1]")
                        .config("spark.ui.enabled", "false")
                        .config("spark.driver.host", "localhost")
                        .config("spark.driver.bindAddress", "127.0.0.1")
                        .config("spark.sql.warehouse.dir", files.replace("*.parquet", "none"))
                        .getOrCreate()) {
            return session.read().parquet(files).orderBy("cell_id").collectAsList();
        }
    }

    /** Paths of columns with a value go to {@code seen}: nothing is compared in vain. */
    private static void compare(Object spark, Object duck, String path, Set<String> seen)
            throws SQLException {
        if (spark == null || duck == null) {
            assertThat(duck).as(path).isEqualTo(spark);
            return;
        }
        seen.add(path);
        if (spark instanceof Row row) {
            Object[] values = ((Struct) duck).getAttributes();
            assertThat(values).as(path).hasSize(row.size());
            for (int i = 0; i < values.length; i++) {
                compare(row.get(i), values[i], path + "." + row.schema().fieldNames()[i], seen);
            }
        } else if (duck instanceof java.sql.Array array) {
            Object[] values = (Object[]) array.getArray();
            Seq<?> elements = (Seq<?>) spark;
            assertThat(values).as(path).hasSize(elements.length());
            for (int i = 0; i < values.length; i++) {
                compare(elements.apply(i), values[i], path, seen);
            }
        } else {
            assertThat(duck).as(path).isEqualTo(spark);
        }
    }
}
