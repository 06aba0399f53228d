// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.results.CellRow.CurvePoint;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final Streams STREAMS = new Streams(1);
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
        Trainer.Phase phase = train(all(), 0, 0);

        assertThat(network.steps).extracting(List::size).containsExactly(3, 3, 1, 3, 3, 1);
        assertThat(network.rates).containsExactly(0.8, 0.8, 0.8, 0.4, 0.4, 0.4);
        CurvePoint last = phase.curve().get(1);
        assertThat(last.epoch()).isEqualTo(2);
        assertThat(last.trainLoss()).isEqualTo(1.0);
        assertThat(last.trainAccuracy()).isEqualTo(4 / 7.0);
        assertThat(last.validationLoss()).isNull();
        assertThat(last.learningRate()).isEqualTo(0.4);
        assertThat(last.testAccuracy()).isEqualTo(4 / 7.0); // ties: all are said to be class 0
        assertThat(phase.lastTest().orElseThrow().loss()).isEqualTo(last.testLoss());
        assertThat(phase.best()).isEmpty();
    }

    /** Epoch n of all phases has permutation n of the stream of orders, whatever came before. */
    @Test
    void theOrderIsThatOfTheStream() {
        train(all(), 0, 5);

        for (int epoch = 0; epoch < 2; epoch++) {
            RandomStream order = STREAMS.of(Streams.Purpose.DATA_ORDER, 5 + epoch);
            List<Integer> seen =
                    network.steps.subList(3 * epoch, 3 * epoch + 3).stream()
                            .flatMap(List::stream)
                            .toList();
            assertThat(seen).containsExactly(boxed(order.permutation(7)));
            assertThat(network.firstDropouts.get(3 * epoch))
                    .isEqualTo(STREAMS.of(Streams.Purpose.DROPOUT, 5 + epoch).nextFloat());
        }
        assertThat(network.steps.subList(0, 3)).isNotEqualTo(network.steps.subList(3, 6));
    }

    @Test
    void continuesWhereItStopped() {
        train(all(), 0, 5);
        LinearNetwork later = new LinearNetwork(SEVEN, Loss.SOFTMAX_CROSS_ENTROPY);

        new Trainer(later, all(), STREAMS).train("dense", THREES, 1, 6, List.of(), List.of());

        assertThat(later.steps).isEqualTo(network.steps.subList(3, 6));
        assertThat(later.rates).containsExactly(0.4, 0.4, 0.4);
    }

    @Test
    void onlyTrainingRowsAreTrainedOn() {
        CellData data =
                new CellData(SEVEN, SEVEN, Optional.empty(), new int[] {6, 0, 3}, new int[] {1, 5});

        Trainer.Phase phase = train(data, 0, 0);

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
                new CellData(SEVEN, SEVEN, Optional.empty(), new int[] {6, 0, 3}, new int[] {1, 5});

        Trainer.Phase phase = train(data, 0, 0);

        assertThat(phase.best().get(0).values()).containsExactly(1);
        Tensor earlier = new Tensor("steps", new int[] {1}, new float[] {-1});
        Trainer.Phase later =
                new Trainer(network, data, STREAMS)
                        .train(
                                "dense",
                                THREES.withEpochs(3),
                                2,
                                2,
                                phase.curve(),
                                List.of(earlier));
        assertThat(later.best()).containsExactly(earlier);
        assertThat(later.curve()).hasSize(1);
    }

    @Test
    void noEpochsLeaveTheNetworkAsItIs() {
        Trainer.Phase phase =
                new Trainer(network, all(), STREAMS)
                        .train("dense", THREES.withEpochs(0), 0, 0, List.of(), List.of());

        assertThat(network.steps).isEmpty();
        assertThat(phase.curve()).isEmpty();
        assertThat(phase.lastTest()).isEmpty();
    }

    @Test
    void aLossThatIsNotFiniteEndsTheTraining() {
        network.lossOfSample = Double.POSITIVE_INFINITY;

        assertThatThrownBy(() -> train(all(), 1, 1))
                .isInstanceOf(DivergedException.class)
                .hasMessage(
                        "the loss became Infinity in epoch 2 of the dense training; a smaller"
                                + " learning rate may help");
        assertThat(network.steps).hasSize(1);
    }

    private Trainer.Phase train(CellData data, int from, int epochsBefore) {
        return new Trainer(network, data, STREAMS)
                .train("dense", THREES, from, epochsBefore, List.of(), List.of());
    }

    private static CellData all() {
        return new CellData(
                SEVEN, SEVEN, Optional.empty(), new int[] {0, 1, 2, 3, 4, 5, 6}, new int[0]);
    }

    private static Integer[] boxed(int[] values) {
        return java.util.Arrays.stream(values).boxed().toArray(Integer[]::new);
    }
}
