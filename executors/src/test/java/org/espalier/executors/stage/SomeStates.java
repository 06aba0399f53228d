// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.PruningEvent;

/** Networks between stages with any bits at all. */
final class SomeStates {
    private SomeStates() {}

    static NetworkState random(long seed) {
        RandomStream random = new RandomStream(seed);
        int[] sizes = {1, 7, 8, 9, 65};
        Map<String, Mask> masks = new HashMap<>();
        for (int size : sizes) {
            float[] scores = new float[size];
            for (int i = 0; i < size; i++) {
                scores[i] = random.nextFloat();
            }
            masks.put("w" + size, Mask.dense(size).narrowTo(random.nextInt(size + 1), scores));
        }
        return new NetworkState(
                tensors("", random),
                random.nextInt(2) == 0 ? List.of() : tensors("", random),
                tensors("mean/", random),
                masks,
                random.nextInt(100),
                history(random.nextDouble()));
    }

    /** Any bits: NaN, infinities and negative zero among them. */
    private static List<Tensor> tensors(String prefix, RandomStream random) {
        List<Tensor> tensors = new ArrayList<>();
        for (int[] dimensions : new int[][] {{3, 2}, {5}, {1, 2, 3, 1}}) {
            int size = 1;
            for (int extent : dimensions) {
                size *= extent;
            }
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt() & 0xffbfffff);
            }
            values[0] = -0f;
            values[size - 1] = Float.NEGATIVE_INFINITY;
            tensors.add(new Tensor(prefix + "t" + tensors.size(), dimensions, values));
        }
        return tensors;
    }

    private static History history(double value) {
        Measures measures =
                new Measures(
                        3, value, 1 / 3.0, List.of(1L, 2L), List.of(0L, 1L), List.of(List.of(1L)));
        return new History(
                List.of(new CurvePoint("dense", 1, 0.1, value, null, null, null, 0.2, null, value)),
                List.of(
                        new PruningEvent(
                                1, 0.5, 2, 3, null, value, 0.1, 0.2, null, null, null, null)),
                List.of(new LayerSparsity("fc1", 10, 5, 5)),
                List.of("a note with \" and \u00fc"),
                new Evaluation(measures, measures, null),
                null,
                null,
                null,
                null,
                new History.Sparsities(10, 0.5, 0.5, 1.9),
                new History.Seconds(value, 0, 0, 1e-9));
    }

    static NetworkState slower(NetworkState state) {
        History then = state.history();
        return new NetworkState(
                state.parameters(),
                state.best(),
                state.optimizer(),
                state.masks(),
                state.epochs(),
                new History(
                        then.curve(),
                        then.events(),
                        then.layers(),
                        then.notes(),
                        then.dense(),
                        then.pruned(),
                        then.fineTuned(),
                        then.denseSelection(),
                        then.fineTunedSelection(),
                        then.sparsities(),
                        then.seconds().plus(new History.Seconds(1, 1, 1, 1))));
    }

    static void assertSame(NetworkState found, NetworkState expected) {
        assertSameNetwork(found, expected);
        assertThat(found.history()).isEqualTo(expected.history());
    }

    /** Bit for bit, times left aside. */
    static void assertSameNetwork(NetworkState found, NetworkState expected) {
        assertSame("parameters", found.parameters(), expected.parameters());
        assertSame("best", found.best(), expected.best());
        assertSame("optimizer", found.optimizer(), expected.optimizer());
        assertThat(found.masks()).isEqualTo(expected.masks());
        assertThat(found.epochs()).isEqualTo(expected.epochs());
    }

    private static void assertSame(String what, List<Tensor> found, List<Tensor> expected) {
        assertThat(found)
                .extracting(Tensor::toString)
                .isEqualTo(expected.stream().map(Tensor::toString).toList());
        for (int t = 0; t < found.size(); t++) {
            assertThat(bits(found.get(t)))
                    .as("%s %s", what, found.get(t))
                    .isEqualTo(bits(expected.get(t)));
        }
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.values()[i]);
        }
        return bits;
    }
}
