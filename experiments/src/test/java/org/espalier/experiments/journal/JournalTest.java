// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.experiments.journal.SomeEntries.measured;
import static org.espalier.experiments.journal.SomeEntries.perturbed;
import static org.espalier.experiments.journal.SomeEntries.point;
import static org.espalier.experiments.journal.SomeEntries.predictions;
import static org.espalier.experiments.journal.SomeEntries.pruned;
import static org.espalier.experiments.journal.SomeEntries.test;
import static org.espalier.experiments.journal.SomeEntries.train;
import static org.espalier.experiments.journal.SomeEntries.trained;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.journal.Entry.Note;
import org.espalier.experiments.journal.Entry.Pruned;
import org.espalier.experiments.journal.Entry.Rewound;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Evaluation;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final Trained DENSE = trained("dense", "dense", 0, 0, 2, test(0.9));
    private static final Pruned PRUNED =
            pruned("p1", "dense", 0.5, new int[] {50, 50}, new int[] {25, 25}, test(0.9), null);
    private static final Rewound REWOUND =
            new Rewound("r1", new Place(0, 5), "rewind", List.of(), "5it");
    private static final Note NOTE = new Note("p1", "a note");

    @Test
    void onlyGrows() {
        List<Entry> given = new ArrayList<>(List.of(DENSE));
        Journal first = Journal.EMPTY.plus(given);
        Journal second = first.plus(List.of(PRUNED, NOTE));

        given.clear();

        assertThat(Journal.EMPTY.entries()).isEmpty();
        assertThat(first.entries()).containsExactly(DENSE);
        assertThat(second.entries()).containsExactly(DENSE, PRUNED, NOTE);
        assertThat(second.plus(List.of())).isSameAs(second);
        assertThatThrownBy(() -> second.entries().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void findsEntriesOfAKindInTheirOrder() {
        Trained fineTune = trained("leaf", "fine-tune", 1, 0, 1, test(0.8));
        Journal journal = new Journal(List.of(DENSE, PRUNED, NOTE, fineTune));

        assertThat(journal.all(Trained.class)).containsExactly(DENSE, fineTune);
        assertThat(journal.all(Note.class)).containsExactly(NOTE);
        assertThat(journal.all(Rewound.class)).isEmpty();
        assertThat(journal.all(Entry.class)).isEqualTo(journal.entries());
        assertThat(journal.lastTraining()).hasValue(fineTune);
        assertThat(Journal.EMPTY.lastTraining()).isEmpty();
    }

    /** A training belongs to a round by its prunings, streams to an event by those before it. */
    @Test
    void countsPruningsAndEvents() {
        Journal journal =
                new Journal(
                        List.of(
                                DENSE,
                                perturbed("z", "dense", "zero", null),
                                PRUNED,
                                NOTE,
                                REWOUND,
                                perturbed("g", "r1", "gauss", 0.5),
                                PRUNED));

        assertThat(journal.prunings()).isEqualTo(2);
        assertThat(journal.events()).isEqualTo(4);
        assertThat(Journal.EMPTY.prunings()).isZero();
        assertThat(Journal.EMPTY.events()).isZero();
        // the first that counts is entry 1, then 2, 5 and 6
        for (int[] counts : new int[][] {{1, 0, 0}, {2, 0, 1}, {5, 1, 2}, {6, 1, 3}}) {
            Journal part = new Journal(journal.entries().subList(0, counts[0]));
            assertThat(part.prunings()).isEqualTo(counts[1]);
            assertThat(part.events()).isEqualTo(counts[2]);
        }
    }

    @Test
    void joinsTheCurveOfAPhaseInARound() {
        Journal journal =
                new Journal(
                        List.of(
                                trained("d1", "dense", 0, 0, 1, null),
                                trained("d2", "dense", 0, 1, 3, test(0.9)),
                                PRUNED,
                                trained("f1", "fine-tune", 1, 0, 1, test(0.8)),
                                PRUNED,
                                trained("f2", "fine-tune", 2, 0, 2, test(0.7))));

        assertThat(journal.curve("dense", 0))
                .containsExactly(point("dense", 0, 1), point("dense", 0, 2), point("dense", 0, 3));
        assertThat(journal.curve("fine-tune", 1)).containsExactly(point("fine-tune", 1, 1));
        assertThat(journal.curve("fine-tune", 2))
                .containsExactly(point("fine-tune", 2, 1), point("fine-tune", 2, 2));
        assertThat(journal.curve("fine-tune", 0)).isEmpty();
        assertThat(journal.curve("dense", 1)).isEmpty();
    }

    @Test
    void gathersWhatIsKnownOfANetwork() {
        Evaluation all =
                new Evaluation(
                        test(0.9).test(),
                        null,
                        train(0.1).train(),
                        null,
                        null,
                        predictions(3).predictions());
        Journal journal =
                new Journal(
                        List.of(
                                DENSE,
                                measured("dense", train(0.1)),
                                PRUNED,
                                measured("p1", train(0.3)),
                                REWOUND,
                                NOTE,
                                perturbed("z", "r1", "zero", null),
                                measured("dense", predictions(3))));

        assertThat(journal.of("dense")).isEqualTo(all);
        assertThat(journal.of("p1")).isEqualTo(train(0.3)); // its pruning knew nothing after it
        assertThat(journal.of("z")).isEqualTo(test(0.5));
        assertThat(journal.of("r1")).isEqualTo(test(0.75)); // straight before the noise
        assertThat(journal.of("elsewhere")).isNull();
    }

    @Test
    void keepsWhatWasKnownFirst() {
        assertThat(Evaluations.merged(null, null)).isNull();
        assertThat(Evaluations.merged(test(0.9), null)).isEqualTo(test(0.9));
        assertThat(Evaluations.merged(null, test(0.9))).isEqualTo(test(0.9));
        assertThat(Evaluations.merged(test(0.9), test(0.1))).isEqualTo(test(0.9));
    }

    /** Each column of an evaluation by itself, from either side. */
    @Test
    void mergesColumnByColumn() {
        var m = SomeEntries.measures(1, 0.5);
        var flipped = new CellRow.Flipped(4, 3, 1);
        var seen = predictions(1).predictions();
        Evaluation whole = new Evaluation(m, m, m, m, flipped, seen);
        Evaluation odd = new Evaluation(m, null, m, null, flipped, null);
        Evaluation even = new Evaluation(null, m, null, m, null, seen);

        assertThat(Evaluations.merged(odd, even)).isEqualTo(whole);
        assertThat(Evaluations.merged(even, odd)).isEqualTo(whole);
    }

    @Test
    void entriesKeepListsOfTheirOwn() {
        List<CellRow.LayerEvent> touched = new ArrayList<>(List.of(SomeEntries.layer("a", 1, 2)));
        Rewound rewound = new Rewound("r", Place.START, "rewind", touched, "0ep");

        touched.clear();

        assertThat(rewound.touched()).containsExactly(SomeEntries.layer("a", 1, 2));
    }

    @Test
    void aPhaseStartsAtTheEndOfAnEpoch() {
        assertThat(Place.START).isEqualTo(new Place(0, 0));
        assertThat(new Place(3, 0).nextEpoch()).isEqualTo(new Place(3, 0));
        assertThat(new Place(3, 1).nextEpoch()).isEqualTo(new Place(4, 0));
        assertThatThrownBy(() -> new Place(-1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a place is not negative, got -1 and 0");
        assertThatThrownBy(() -> new Place(2, -3))
                .hasMessage("a place is not negative, got 2 and -3");
    }

    /** As it travels in snapshots. */
    @Test
    void survivesSerialisation() throws Exception {
        Journal journal =
                new Journal(
                        List.of(
                                DENSE,
                                measured("dense", predictions(3)),
                                PRUNED,
                                NOTE,
                                REWOUND,
                                perturbed("z", "r1", "zero", null)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(journal);
        }

        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(journal);
        }
    }
}
