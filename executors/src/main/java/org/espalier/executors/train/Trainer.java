// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.Training;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.text.Text;

/**
 * The training loop: epochs over the training samples in the order of the cell's stream, an
 * evaluation after each. The last batch of an epoch is as short as it comes out.
 *
 * <p>The loss and accuracy of training in a {@link CurvePoint} are running ones: of each batch
 * before its own update. Validation and test are of the whole sets, after the epoch.
 */
public final class Trainer {
    private final Network network;
    private final CellData data;
    private final Streams streams;
    private final Evaluator evaluator;

    public Trainer(Network network, CellData data, Streams streams) {
        this.network = network;
        this.data = data;
        this.streams = streams;
        this.evaluator = new Evaluator(network);
    }

    /**
     * What a phase of training left.
     *
     * @param curve of the epochs that were trained now
     * @param best parameters of the phase's best epoch by validation; empty where nothing is held
     *     out
     * @param lastTest of the network as it stands; empty where no epoch was trained
     */
    public record Phase(List<CurvePoint> curve, List<Tensor> best, Optional<Measures> lastTest) {}

    /**
     * Trains epochs {@code from} to {@code training.epochs()} of a phase; the network has its
     * optimiser already.
     *
     * @param name of the phase, for the curve
     * @param from epochs of this phase that are done
     * @param epochsBefore epochs trained so far in all phases, those of this one included; position
     *     in the random streams
     * @param before curve of this phase so far, for its best epoch
     * @param bestBefore parameters of that epoch
     * @throws DivergedException if the loss of a batch or of an evaluation is not finite
     */
    public Phase train(
            String name,
            Training training,
            int from,
            int epochsBefore,
            List<CurvePoint> before,
            List<Tensor> bestBefore) {
        List<CurvePoint> curve = new ArrayList<>();
        List<CurvePoint> phase = new ArrayList<>(before);
        List<Tensor> best = bestBefore;
        Measures test = null;
        for (int epoch = from; epoch < training.epochs(); epoch++) {
            long start = System.nanoTime();
            double rate = training.learningRate().at(epoch);
            Running running =
                    epoch(name, epoch, training.batchSize(), rate, epochsBefore + epoch - from);
            Optional<Measures> validation =
                    data.validationRows().length == 0
                            ? Optional.empty()
                            : Optional.of(evaluator.measure(data.train(), data.validationRows()));
            test = evaluator.measure(data.test());
            requireFinite(name, epoch, test.loss());
            CurvePoint point =
                    new CurvePoint(
                            name,
                            epoch + 1,
                            rate,
                            running.lossSum / data.trainRows().length,
                            classification()
                                    ? (double) running.correct / data.trainRows().length
                                    : null,
                            validation.map(Measures::loss).orElse(null),
                            validation.map(Measures::accuracy).orElse(null),
                            test.loss(),
                            test.accuracy(),
                            (System.nanoTime() - start) * 1e-9);
            curve.add(point);
            phase.add(point);
            if (validation.isPresent() && Selections.bestByValidation(phase) == point) {
                best = network.parameters();
            }
        }
        return new Phase(curve, best, Optional.ofNullable(test));
    }

    private static final class Running {
        private double lossSum;
        private long correct;
    }

    private Running epoch(String name, int epoch, int batchSize, double rate, int position) {
        int[] rows = shuffled(data.trainRows(), streams.of(Streams.Purpose.DATA_ORDER, position));
        RandomStream dropout = streams.of(Streams.Purpose.DROPOUT, position);
        Running running = new Running();
        for (int at = 0; at < rows.length; at += batchSize) {
            int count = Math.min(batchSize, rows.length - at);
            Network.BatchResult batch = network.step(data.train(), rows, at, count, rate, dropout);
            requireFinite(name, epoch, batch.lossSum());
            running.lossSum += batch.lossSum();
            running.correct += batch.correct();
        }
        return running;
    }

    private static int[] shuffled(int[] rows, RandomStream order) {
        int[] shuffled = order.permutation(rows.length);
        for (int i = 0; i < shuffled.length; i++) {
            shuffled[i] = rows[shuffled[i]];
        }
        return shuffled;
    }

    private boolean classification() {
        return network.architecture().loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
    }

    private static void requireFinite(String name, int epoch, double loss) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(
                    Text.of(
                            "the loss became %s in epoch %d of the %s training; a smaller learning rate may help",
                            loss, epoch + 1, name));
        }
    }
}
