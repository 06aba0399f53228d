// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.AnalysedSweep;
import org.espalier.driver.AnalysedSweep.Said;
import org.espalier.driver.benchmark.ManyRows;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.FiledRow;
import org.espalier.results.ResultsFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Effects that were put into rows, on trunks that are shared as in a sweep, are found again. */
class PlantedFolderTest {
    private static final int CLASSES = 10;
    private static final long SUPPORT = 1_000_000; // rounding to counts does not matter
    private static final int SEEDS = 12;

    @TempDir Path folder;

    /**
     * Balances of the control are those of the dense network, alpha 1; of {@code magnitude} 1.5
     * times those, and of {@code random} as the control's, each with noise of its own. At 10x the
     * differences to the control are 0.5 and 0.
     */
    @Test
    void findsWhatWasPlanted() throws Exception {
        AnalysedSweep sweep = AnalysedSweep.runOneSetting(folder.resolve("run"));
        var hadoop = new Configuration();
        CellRow like =
                ResultsFolder.read(new org.apache.hadoop.fs.Path(sweep.out()), hadoop).stream()
                        .map(FiledRow::row)
                        .filter(row -> row.condition().ratioKind().equals("compression"))
                        .findFirst()
                        .orElseThrow();
        List<CellRow> rows = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            RandomStream random = new RandomStream(seed);
            double[] x = new double[CLASSES];
            double mean = 0;
            for (int c = 0; c < CLASSES; c++) {
                x[c] = 0.1 * (random.nextDouble() - 0.5);
                mean += x[c] / CLASSES;
            }
            for (int c = 0; c < CLASSES; c++) {
                x[c] -= mean;
            }
            Measures dense = network(like, 0.85, 1, x);
            for (String method : List.of("control", "magnitude", "random")) {
                double slope = method.equals("magnitude") ? 1.5 : 1;
                Measures end = network(like, 0.85, slope + 0.02 * random.nextGaussian(), x);
                rows.add(
                        ManyRows.varied(
                                like,
                                method + "-" + seed,
                                "mlp-8",
                                "planted",
                                method,
                                method.equals("control") ? 1 : 10,
                                seed,
                                "trunk-" + seed,
                                dense,
                                end,
                                end));
            }
        }
        Path planted = folder.resolve("planted");
        try (ResultsFolder out =
                ResultsFolder.open(new org.apache.hadoop.fs.Path(planted.toUri()), hadoop)) {
            out.append(rows);
        }

        JsonNode recall = recall(sweep, planted);

        JsonNode magnitude = line(recall, "magnitude");
        JsonNode random = line(recall, "random");
        assertThat(value(recall, magnitude, "alpha").asDouble()).isCloseTo(1.5, within(0.03));
        assertThat(value(recall, magnitude, "difference").asDouble()).isCloseTo(0.5, within(0.04));
        assertThat(value(recall, magnitude, "pairs").asInt()).isEqualTo(SEEDS);
        assertThat(value(recall, magnitude, "verdict").asText()).isEqualTo("intensified");
        assertThat(value(recall, random, "difference").asDouble()).isCloseTo(0, within(0.04));
        assertThat(value(recall, random, "verdict").asText()).isEqualTo("within 0.100");
    }

    private static Measures network(CellRow like, double accuracy, double slope, double[] x) {
        List<Long> support = new ArrayList<>();
        List<Long> correct = new ArrayList<>();
        long right = 0;
        for (double balance : x) {
            support.add(SUPPORT);
            correct.add(Math.round(SUPPORT * accuracy * (1 + slope * balance)));
            right += correct.get(correct.size() - 1);
        }
        Measures test = like.dense().test();
        return new Measures(
                CLASSES * SUPPORT,
                test.loss(),
                right / (double) (CLASSES * SUPPORT),
                support,
                correct,
                test.confusion(),
                test.brier(),
                test.calibration(),
                test.top5Accuracy(),
                null);
    }

    private static JsonNode recall(AnalysedSweep sweep, Path of) throws IOException {
        Said said =
                sweep.espalier(
                        "analyze", of.toString(), "--question", "recall", "--format", "json");
        assertThat(said.code()).as(said.err()).isZero();
        return new ObjectMapper().readTree(said.out()).at("/answers/0/tables/0");
    }

    private static JsonNode line(JsonNode table, String method) {
        for (JsonNode line : table.get("lines")) {
            if (value(table, line, "method").asText().equals(method)) {
                return line;
            }
        }
        throw new AssertionError("no line of " + method);
    }

    private static JsonNode value(JsonNode table, JsonNode line, String column) {
        for (int i = 0; i < table.get("columns").size(); i++) {
            if (table.get("columns").get(i).get("name").asText().equals(column)) {
                return line.get(i);
            }
        }
        throw new AssertionError("no column " + column);
    }
}
