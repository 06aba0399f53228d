// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.results.CellRow.CalibrationBin;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Flipped;
import org.espalier.results.CellRow.LayerEvent;
import org.espalier.results.CellRow.LayerSparsity;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.CellRow.Predictions;
import org.espalier.results.CellRow.Scoring;
import org.espalier.results.CellRow.Selection;

/** Networks between stages, of random bits, and what it means that two are the same. */
public final class SomeStates {
    private SomeStates() {}

    /** Writes the golden snapshot of a version of the format: {@code random(20)} to a new file. */
    public static void main(String[] file) throws IOException {
        try (OutputStream out = Files.newOutputStream(Path.of(file[0]))) {
            Snapshot.write(out, "00112233445566778899aabbccddeeff", random(20));
        }
    }

    /** One that has all that a network can have. */
    public static NetworkState random(long seed) {
        NetworkState known = of020(seed);
        Entry.Pruned pruned = known.journal().all(Entry.Pruned.class).get(0);
        Entry borrowed =
                new Entry.Pruned(
                        "s8",
                        "s7",
                        pruned.at(),
                        0.5,
                        2,
                        pruned.layers(),
                        pruned.touched(),
                        null,
                        null,
                        "abd",
                        new Entry.Source("s0", "mnist", 2, 0.25),
                        pruned.before(),
                        pruned.after(),
                        pruned.evaluateSeconds());
        return new NetworkState(
                known.parameters(),
                known.best(),
                known.optimizer(),
                known.masks(),
                known.perturbed(),
                seed % 2 == 0 ? known.masks() : Map.of(),
                known.place(),
                known.journal().plus(List.of(borrowed)));
    }

    /** With no more than version 0.2.0 of a snapshot had when its golden file was written. */
    static NetworkState of020(long seed) {
        RandomStream random = new RandomStream(seed);
        int[] sizes = {1, 7, 8, 9, 65};
        Map<String, Mask> masks = new HashMap<>();
        Map<String, Mask> perturbed = new HashMap<>();
        for (int size : sizes) {
            float[] scores = new float[size];
            for (int i = 0; i < size; i++) {
                scores[i] = random.nextFloat();
            }
            masks.put("w" + size, Mask.dense(size).narrowTo(random.nextInt(size + 1), scores));
            if (random.nextInt(2) == 0) {
                perturbed.put("w" + size, masks.get("w" + size));
            }
        }
        return new NetworkState(
                tensors("", random),
                random.nextInt(2) == 0 ? List.of() : tensors("", random),
                tensors("mean/", random),
                masks,
                perturbed,
                Map.of(),
                new Place(random.nextInt(100), random.nextInt(3)),
                journal(random.nextDouble()));
    }

    /** One tensor of this many values. */
    static NetworkState ofSize(int values) {
        return NetworkState.initial(
                List.of(new Tensor("t", new int[] {values}, new float[values])));
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

    /** An entry of every kind, with every optional value there in one and missing in another. */
    static Journal journal(double value) {
        Measures measures =
                new Measures(
                        3,
                        value,
                        1 / 3.0,
                        List.of(1L, 2L),
                        List.of(0L, 1L),
                        List.of(List.of(1L)),
                        0.25,
                        List.of(new CalibrationBin(3, 0.5, 1)),
                        0.75,
                        null);
        Measures loss =
                new Measures(
                        3, value, null, List.of(), List.of(), List.of(), null, List.of(), null,
                        null);
        Evaluation whole =
                new Evaluation(
                        measures,
                        measures,
                        measures,
                        measures,
                        new Flipped(4, 3, 2),
                        new Predictions(List.of(1, 0, 1), List.of(255, 0, 128), List.of()));
        Evaluation test = new Evaluation(loss, null, null, null, null, null);
        List<LayerEvent> touched =
                List.of(
                        new LayerEvent("fc1", 5, 5, null, null, 0.5),
                        new LayerEvent("fc2", 0, 2, 1, 2, null));
        Scoring scoring = new Scoring("magnitude", 0.1, value, 2L, 1, 128, 2, value);
        return new Journal(
                List.of(
                        new Entry.Note("s0", "a note with \" and \u00fc"),
                        new Entry.Trained(
                                "s1",
                                "dense",
                                0,
                                new Place(1, 2),
                                List.of(
                                        new CurvePoint(
                                                "dense", 0, 1, 0.1, value, null, null, null, 0.2,
                                                null, value)),
                                List.of(new Selection("dense", 0, "final", 1, measures)),
                                0.1,
                                new Entry.Running(value, 3, 4),
                                whole,
                                value,
                                1e-9),
                        new Entry.Pruned(
                                "s2",
                                "s1",
                                new Place(1, 2),
                                0.5,
                                1.9,
                                List.of(new LayerSparsity("fc1", 10, 5, 5)),
                                touched,
                                scoring,
                                0.5,
                                "abc",
                                null,
                                whole,
                                test,
                                value),
                        new Entry.Perturbed(
                                "s3",
                                "s2",
                                new Place(1, 2),
                                "gauss",
                                touched,
                                null,
                                0.5,
                                test,
                                test,
                                value),
                        new Entry.Rewound("s4", new Place(0, 0), "rewind", touched, "s1"),
                        new Entry.Trained(
                                "s5",
                                "fine-tune",
                                1,
                                new Place(2, 0),
                                List.of(),
                                List.of(),
                                null,
                                null,
                                test,
                                0,
                                0),
                        new Entry.Measured("s6", whole, value)));
    }

    /** The same findings, that took a second more each. */
    static NetworkState slower(NetworkState state) {
        return state.withJournal(
                new Journal(state.journal().entries().stream().map(SomeStates::slower).toList()));
    }

    private static Entry slower(Entry entry) {
        return entry instanceof Entry.Measured measured
                ? new Entry.Measured(
                        measured.stage(), measured.evaluation(), measured.seconds() + 1)
                : entry;
    }

    public static void assertSame(NetworkState found, NetworkState expected) {
        assertSameNetwork(found, expected);
        assertThat(found.journal()).isEqualTo(expected.journal());
    }

    /** Bit for bit, times left aside. */
    public static void assertSameNetwork(NetworkState found, NetworkState expected) {
        assertSame("parameters", found.parameters(), expected.parameters());
        assertSame("best", found.best(), expected.best());
        assertSame("optimizer", found.optimizer(), expected.optimizer());
        assertThat(found.masks()).isEqualTo(expected.masks());
        assertThat(found.perturbed()).isEqualTo(expected.perturbed());
        assertThat(found.place()).isEqualTo(expected.place());
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
