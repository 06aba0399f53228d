// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Selection;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final Streams STREAMS = new Streams(1);
    private static final Streams DROPOUTS = new Streams(2);
    private static final Samples SEVEN =
            new Samples(
                    LinearNetwork.features(2, new float[14]),
                    new Targets.Labels(2, new int[] {0, 1, 0, 1, 0, 1, 0}));
    private static final Training THREES =
            new Training(
                    new Optimizer.Sgd(),
                    new LearningRate(new BigDecimal("0.8"), List.of(1), new BigDecimal("0.5")),
                    WeightDecay.NONE,
                    3,
                    2);

    private final LinearNetwork network = new LinearNetwork(SEVEN, Loss.SOFTMAX_CROSS_ENTROPY);

    /**
     * 7 samples in threes: 3, 3 and 1. Each batch has one sample wrong, so 4 of 7 are right; the
     * loss is 1 of each, so 7 / 7. Means of batch means would give other numbers.
     */
    @Test
    void theLastBatchIsShort() {
        Trainer phase = trainer(network, all(), 0, 2, Place.START);

        Optional<Evaluation> evaluation = phase.run(Evaluator.Recording.OFF);

        assertThat(network.steps).extracting(List::size).containsExactly(3, 3, 1, 3, 3, 1);
        assertThat(network.rates).containsExactly(0.8, 0.8, 0.8, 0.4, 0.4, 0.4);
        CurvePoint last = phase.curve().get(1);
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last.trainLoss()).isEqualTo(1.0);
        assertThat(last.trainAccuracy()).isEqualTo(4 / 7.0);
        assertThat(last.validationLoss()).isNull();
        assertThat(last.learningRate()).isEqualTo(0.4);
        assertThat(last.testAccuracy()).isEqualTo(4 / 7.0); // ties: all are said to be class 0
        assertThat(evaluation.orElseThrow().test().loss()).isEqualTo(last.testLoss());
        assertThat(phase.place()).isEqualTo(new Place(2, 0));
        assertThat(phase.running()).isNull();
        assertThat(phase.best()).isEmpty();
    }

    /** Epoch n of all phases has permutation n of the stream of orders, whatever came before. */
    @Test
    void theOrderIsThatOfTheStream() {
        train(all(), 0, new Place(5, 0));

        for (int epoch = 0; epoch < 2; epoch++) {
            RandomStream order = STREAMS.of(Streams.Purpose.DATA_ORDER, 5 + epoch);
            List<Integer> seen =
                    network.steps.subList(3 * epoch, 3 * epoch + 3).stream()
                            .flatMap(List::stream)
                            .toList();
            assertThat(seen).containsExactly(boxed(order.permutation(7)));
            assertThat(network.firstDropouts.get(3 * epoch))
                    .isEqualTo(DROPOUTS.of(Streams.Purpose.DROPOUT, 5 + epoch, 0).nextFloat());
            assertThat(network.firstDropouts.get(3 * epoch + 2))
                    .isEqualTo(DROPOUTS.of(Streams.Purpose.DROPOUT, 5 + epoch, 2).nextFloat());
        }
        assertThat(network.steps.subList(0, 3)).isNotEqualTo(network.steps.subList(3, 6));
    }

    @Test
    void continuesWhereItStopped() {
        train(all(), 0, new Place(5, 0));
        LinearNetwork later = new LinearNetwork(SEVEN, Loss.SOFTMAX_CROSS_ENTROPY);

        trainer(later, all(), 1, 2, new Place(6, 0)).run(Evaluator.Recording.OFF);

        assertThat(later.steps).isEqualTo(network.steps.subList(3, 6));
        assertThat(later.rates).containsExactly(0.4, 0.4, 0.4);
    }

    @Test
    void onlyTrainingRowsAreTrainedOn() {
        CellData data =
                new CellData(
                        SEVEN,
                        Optional.empty(),
                        SEVEN,
                        Optional.empty(),
                        new int[] {6, 0, 3},
                        new int[] {1, 5});

        Trainer phase = train(data, 0, Place.START);

        assertThat(network.steps).hasSize(2);
        assertThat(network.steps.get(0)).containsExactlyInAnyOrder(0, 3, 6);
        CurvePoint first = phase.curve().get(0);
        assertThat(first.trainAccuracy()).isEqualTo(2 / 3.0);
        assertThat(first.validationAccuracy()).isZero(); // both are of class 1
        assertThat(phase.best()).hasSize(1);
    }

    /** Validation never changes here, so the first epoch stays the best: one step was taken. */
    @Test
    void ofEqualEpochsTheEarlierIsTheBest() {
        CellData data =
                new CellData(
                        SEVEN,
                        Optional.empty(),
                        SEVEN,
                        Optional.empty(),
                        new int[] {6, 0, 3},
                        new int[] {1, 5});

        Trainer phase = train(data, 0, Place.START);

        assertThat(phase.best().get(0).values()).containsExactly(1);
        Tensor earlier = new Tensor("steps", new int[] {1}, new float[] {-1});
        Trainer later =
                new Trainer(
                        network,
                        data,
                        train(Step.epochs(2), Step.epochs(3), 1),
                        new Trainer.Start(
                                new Place(2, 0), 0, phase.selections(), List.of(earlier), null));
        later.run(Evaluator.Recording.OFF);
        assertThat(later.best()).containsExactly(earlier);
        assertThat(later.curve()).hasSize(1);
        assertThat(later.selections().list(0))
                .extracting(Selection::rule, Selection::epoch)
                .containsExactly(
                        tuple("last", 3),
                        tuple("validation-accuracy", 1),
                        tuple("validation-loss", 1),
                        tuple("test-accuracy", 1),
                        tuple("test-loss", 1));
    }

    /**
     * Cut after every update: the same batches, masks and rates, and in the end the curve of the
     * training in one go, its running loss over all samples of the epoch.
     */
    @Test
    void canBeCutAfterEveryUpdate() {
        Trainer whole = trainer(network, all(), 0, 2, new Place(5, 0));
        whole.run(Evaluator.Recording.OFF);

        LinearNetwork cut = new LinearNetwork(SEVEN, Loss.SOFTMAX_CROSS_ENTROPY);
        Place place = new Place(5, 0);
        Selections selections = new Selections();
        Entry.Running running = null;
        List<CurvePoint> curve = new ArrayList<>();
        for (int at = 0; at < 6; at++) {
            Trainer part =
                    new Trainer(
                            cut,
                            all(),
                            train(Step.iterations(at), Step.iterations(at + 1), 3),
                            new Trainer.Start(place, 0, selections, List.of(), running));
            Optional<Evaluation> last = part.run(Evaluator.Recording.OFF);
            assertThat(last.isPresent()).isEqualTo(at % 3 == 2);
            place = part.place();
            selections = part.selections();
            running = part.running();
            curve.addAll(part.curve());
        }

        assertThat(cut.steps).isEqualTo(network.steps);
        assertThat(cut.firstDropouts).isEqualTo(network.firstDropouts);
        assertThat(cut.rates).isEqualTo(network.rates);
        assertThat(place).isEqualTo(whole.place()).isEqualTo(new Place(7, 0));
        assertThat(curve)
                .extracting(CurvePoint::epoch, CurvePoint::trainLoss, CurvePoint::trainAccuracy)
                .containsExactly(tuple(1, 1.0, 4 / 7.0), tuple(2, 1.0, 4 / 7.0));
        assertThat(selections.list(0)).isEqualTo(whole.selections().list(0));
    }

    /** 4 of 6 updates: 7 samples of the first epoch, 3 of the second, 1 or 2 of them right. */
    @Test
    void endsInTheMiddleOfAnEpoch() {
        Trainer part =
                new Trainer(
                        network,
                        all(),
                        train(Step.ZERO, Step.iterations(4), 3),
                        new Trainer.Start(Place.START, 0, new Selections(), List.of(), null));

        assertThat(part.run(Evaluator.Recording.OFF)).isEmpty();

        assertThat(part.place()).isEqualTo(new Place(1, 1));
        assertThat(part.curve()).hasSize(1);
        assertThat(part.running().samples()).isEqualTo(3);
        assertThat(part.running().lossSum()).isEqualTo(3);
        assertThat(part.learningRate()).isEqualTo(0.4);
    }

    @Test
    void refusesWhatWasPlannedOtherwise() {
        assertThatThrownBy(
                        () ->
                                new Trainer(
                                                network,
                                                all(),
                                                train(Step.ZERO, Step.epochs(1), 4),
                                                start(Place.START))
                                        .run(Evaluator.Recording.OFF))
                .hasMessage("an epoch of 7 samples in batches of 3 was planned to have 4");
        assertThatThrownBy(
                        () ->
                                new Trainer(
                                                network,
                                                all(),
                                                train(Step.iterations(4), Step.epochs(2), 3),
                                                start(new Place(1, 2)))
                                        .run(Evaluator.Recording.OFF))
                .hasMessage("a training from 4it cannot go on 2 updates into an epoch");
        assertThat(network.steps).isEmpty();
    }

    @Test
    void noEpochsLeaveTheNetworkAsItIs() {
        Trainer phase = trainer(network, all(), 0, 0, Place.START);

        Optional<Evaluation> last = phase.run(Evaluator.Recording.OFF);

        assertThat(network.steps).isEmpty();
        assertThat(phase.curve()).isEmpty();
        assertThat(last).isEmpty();
    }

    @Test
    void aLossThatIsNotFiniteEndsTheTraining() {
        network.lossOfSample = Double.POSITIVE_INFINITY;

        assertThatThrownBy(() -> train(all(), 1, new Place(1, 0)))
                .isInstanceOf(DivergedException.class)
                .hasMessage(
                        "the loss became Infinity in epoch 2 of the dense training; a smaller"
                                + " learning rate may help");
        assertThat(network.steps).hasSize(1);
    }

    private Trainer train(CellData data, int from, Place place) {
        Trainer trainer = trainer(network, data, from, 2, place);
        trainer.run(Evaluator.Recording.OFF);
        return trainer;
    }

    private static Trainer trainer(
            LinearNetwork network, CellData data, int from, int to, Place place) {
        int updates = (data.trainRows().length + 2) / 3;
        return new Trainer(
                network, data, train(Step.epochs(from), Step.epochs(to), updates), start(place));
    }

    private static Trainer.Start start(Place place) {
        return new Trainer.Start(place, 0, new Selections(), List.of(), null);
    }

    private static Train train(Step from, Step to, int updates) {
        return new Train(
                Train.DENSE,
                THREES,
                from,
                to,
                new EpochLength(updates),
                Recipe.OptimizerState.FRESH,
                1,
                OptionalSeed.of(2),
                new Arithmetic("linear", "linear-1"));
    }

    private static CellData all() {
        return new CellData(
                SEVEN,
                Optional.empty(),
                SEVEN,
                Optional.empty(),
                new int[] {0, 1, 2, 3, 4, 5, 6},
                new int[0]);
    }

    private static Integer[] boxed(int[] values) {
        return java.util.Arrays.stream(values).boxed().toArray(Integer[]::new);
    }
}
