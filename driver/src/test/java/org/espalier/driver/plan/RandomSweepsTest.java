// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.RanCells;
import org.espalier.driver.UsageException;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.sweep.SweepFileException;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What plans also runs: sweeps that are drawn from every key of the page, odd values among them,
 * are refused by file or plan in sentences, or each of their cells runs, or fails for what only
 * training can show, a loss that is not finite.
 */
class RandomSweepsTest {
    private static final int SWEEPS = 60;

    private RandomStream random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatPlansAlsoRuns(long seed) {
        random = new RandomStream(seed);
        List<String> refused = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int completed = 0;
        for (int n = 0; n < SWEEPS; n++) {
            String sweep = sweep();
            try {
                for (CellRow row : RanCells.of(sweep)) {
                    if (row.status() == CellRow.Status.FAILED) {
                        if (!row.failure().reason().equals("DIVERGED")) {
                            wrong.add(row.failure() + "\n" + sweep);
                        }
                    } else {
                        completed++;
                    }
                }
            } catch (UsageException | SweepFileException e) {
                refused.add(e.getMessage());
                if (!e.getMessage().contains("line ")) {
                    wrong.add(e.getMessage() + "\n" + sweep);
                }
            } catch (RuntimeException e) {
                wrong.add(e + "\n" + sweep);
            }
        }
        assertThat(wrong).isEmpty();
        // Neither is nearly all that is drawn, or the test would hold nothing.
        assertThat(completed).isGreaterThan(SWEEPS / 10);
        assertThat(refused).hasSizeBetween(SWEEPS / 10, SWEEPS * 9 / 10);
    }

    /** The generator reaches what it is meant to reach. */
    @Test
    void drawsEverySchedule() {
        random = new RandomStream(4);
        StringBuilder all = new StringBuilder();
        for (int n = 0; n < 400; n++) {
            all.append(sweep());
        }
        assertThat(all)
                .contains("one-shot", "iterative", "lottery", "mask-from", "ramp", "gradual")
                .contains("at-initialisation", "prune-after", "{noise: {")
                .contains("levels", "compression", "density", "pruning-ratio");
    }

    private String sweep() {
        boolean regression = odd(20);
        String size =
                one(
                        "pruning-ratio: [0, 0.5]",
                        "pruning-ratio: 0.999",
                        "density: [1, 0.3]",
                        "density: 0.001",
                        "compression: [1, 3]",
                        "compression: 100",
                        "levels: [0, 2]",
                        "levels: 40");
        return Text.of(
                """
                name: drawn
                grid:
                  architecture: %s
                  dataset: %s
                  noise: %s
                  %s
                  method: %s
                  seed: 1
                  schedule: %s
                recipe:
                  engine: vector
                  dense: %s
                  fine-tune: %s
                %s""",
                usual("mlp-4", "mlp-4-3-tanh", "mlp-1", "lenet-5", "lenet-3x3", "mlp-60000-60000"),
                regression ? "diffusion-sorption" : "tiny",
                usual("0.1", "0", "1", "1.5", "1e30"),
                size,
                usual(
                        "magnitude",
                        "random",
                        "{magnitude: {target: large}}",
                        "{gradient: {samples: 100000}}",
                        "{gradient: {samples: 7, batches: 3}}",
                        "{undecayed: {weight-decay: 0}}",
                        "elimination-compensation",
                        "{elimination-compensation: {output: softmax}}",
                        "random-mask",
                        "{one-shot-ticket: {of: gradient}}"),
                usual(
                        "one-shot",
                        "iterative",
                        "{iterative: {rounds: 3, shape: linear}}",
                        "{iterative: {level-ratio: 0.5}}",
                        "{lottery: {rewind-to: 1it}}",
                        "{lottery: {rewind-to: 1ep, weights: kept}}",
                        "{mask-from: {dataset: tiny, rewind-to: 1it}}",
                        "{ramp: {start: 0, end: 1, period: 1}}",
                        "{ramp: {start: 1it, end: 4it, period: 2it}}",
                        "{gradual: {start: 0it, end: 1ep, period: 1it}}",
                        "at-initialisation",
                        "{prune-after: 2it}",
                        "{noise: {start: 0, end: 1, period: 1, kind: gauss, batches: 1, test-batch: 64, after: restore}}"),
                training(),
                training(),
                extras());
    }

    private String training() {
        return Text.of(
                "{epochs: %s, batch-size: %s, optimizer: %s, learning-rate: %s, weight-decay: %s}",
                usual("2", "1", "0"),
                usual("16", "1", "64", "2147483647"),
                one("adam", "sgd", "nesterov", "sgd, momentum: 0.9"),
                usual("0.01", "1", "1e20"),
                usual("0", "0.001", "100"));
    }

    private String extras() {
        StringBuilder extras = new StringBuilder();
        extras.append("  validation: ").append(usual("0", "0.2", "0.99", "0.001")).append('\n');
        extras.append("  scope: ").append(one("global", "layer-wise")).append('\n');
        extras.append("  output-layer: ").append(one("prune", "keep")).append('\n');
        extras.append("  min-per-layer: ").append(usual("0", "1", "1000000")).append('\n');
        extras.append("  start-from: ").append(usual("last", "best-validation")).append('\n');
        extras.append("  record: ").append(usual("none", "predictions")).append('\n');
        return extras.toString();
    }

    private boolean odd(int in) {
        return random.nextInt(in) == 0;
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    /** The first more often than not. */
    private String usual(String... values) {
        return random.nextInt(10) < 6 ? values[0] : one(values);
    }
}
