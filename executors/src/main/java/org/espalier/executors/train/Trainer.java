// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.engine.Network;
import org.espalier.executors.train.Evaluator.Recording;
import org.espalier.experiments.journal.Entry.Running;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.CellRow.CurvePoint;
import org.espalier.results.CellRow.Evaluation;
import org.espalier.results.CellRow.Measures;
import org.espalier.results.text.Text;

/**
 * The training loop: from one step of a phase to another, over the training samples in the order of
 * the cell's stream, an evaluation at the end of each epoch. The last batch of an epoch is as short
 * as it comes out. Where a training is cut, in the middle of an epoch too, changes no bit of it.
 *
 * <p>The loss and accuracy of training in a {@link CurvePoint} are running ones: of each batch
 * before its own update. Validation and test are of the whole sets, after the epoch.
 *
 * <p>What it finds it keeps as it goes, so that a training that diverges tells of the epochs
 * before.
 */
public final class Trainer {
    private final Network network;
    private final CellData data;
    private final Train train;
    private final Start start;
    private final WeightsUnderNoise noise;
    private final Streams order;
    private final Streams dropout;
    private final Evaluator evaluator;
    private final List<CurvePoint> curve = new ArrayList<>();
    private final Selections selections;
    private List<Tensor> best;
    private double lossSum;
    private long correct;
    private long samples;
    private Double learningRate;
    private Place place;

    /**
     * Where a training begins.
     *
     * @param place in the random streams
     * @param round prunings before the phase
     * @param selections of the phase so far
     * @param best parameters of its best epoch by validation; empty where it has none
     * @param running sums of the epoch that was left in its middle; null at the end of one
     */
    public record Start(
            Place place, int round, Selections selections, List<Tensor> best, Running running) {}

    /**
     * A trainer for one training.
     *
     * @param network with its optimiser set
     */
    public Trainer(Network network, CellData data, Train train, Start start) {
        this(network, data, train, start, null);
    }

    /**
     * A trainer of a network whose weights get noise meanwhile.
     *
     * @param noise null where they get none
     */
    public Trainer(
            Network network, CellData data, Train train, Start start, WeightsUnderNoise noise) {
        this.noise = noise;
        this.network = network;
        this.data = data;
        this.train = train;
        this.start = start;
        order = new Streams(train.orderSeed());
        dropout = new Streams(train.dropoutSeed().orZero());
        evaluator = new Evaluator(network);
        selections = start.selections();
        best = start.best();
        place = start.place();
        if (start.running() != null) {
            lossSum = start.running().lossSum();
            correct = start.running().correct();
            samples = start.running().samples();
        }
    }

    /**
     * Trains to the end.
     *
     * @param recording whether the last evaluation keeps what is said of each test sample
     * @return the test set after the last epoch; empty where the training does not end with one
     * @throws DivergedException if the loss of a batch or of an evaluation is not finite
     * @throws IllegalStateException if the data has another number of batches than was planned
     */
    public Optional<Evaluation> run(Recording recording) {
        EpochLength length = train.epoch();
        int batchSize = train.training().batchSize();
        if (!EpochLength.of(data.trainRows().length, batchSize).equals(length)) {
            throw new IllegalStateException(
                    Text.of(
                            "an epoch of %d samples in batches of %d was planned to have %d",
                            data.trainRows().length, batchSize, length.iterations()));
        }
        long at = train.from().iterations(length);
        long end = train.to().iterations(length);
        if (at % length.iterations() != place.iterations()) {
            throw new IllegalStateException(
                    Text.of(
                            "a training from %s cannot go on %d updates into an epoch",
                            train.from(), place.iterations()));
        }
        Optional<Evaluation> last = Optional.empty();
        while (at < end) {
            long epochEnd = Math.min(end, (at / length.iterations() + 1) * length.iterations());
            boolean whole = epochEnd % length.iterations() == 0;
            last = epoch(at, epochEnd, whole, epochEnd == end ? recording : Recording.OFF);
            at = epochEnd;
        }
        return last;
    }

    /** Updates of one epoch, or of a part of it. */
    private Optional<Evaluation> epoch(long from, long to, boolean whole, Recording recording) {
        long startedAt = System.nanoTime();
        int length = train.epoch().iterations();
        int number = (int) (from / length);
        double rate = train.training().learningRate().at(number);
        int[] rows =
                shuffled(data.trainRows(), order.of(Streams.Purpose.DATA_ORDER, place.epochs()));
        int batchSize = train.training().batchSize();
        for (int batch = (int) (from % length); batch < to - (long) number * length; batch++) {
            int first = batch * batchSize;
            int count = Math.min(batchSize, rows.length - first);
            layNoise(1, batch);
            Network.BatchResult result =
                    network.step(
                            data.train(),
                            rows,
                            first,
                            count,
                            rate,
                            dropout.of(Streams.Purpose.DROPOUT, place.epochs(), batch));
            learningRate = rate;
            requireFinite(number, result.lossSum());
            lossSum += result.lossSum();
            correct += result.correct();
            samples += count;
            place = new Place(place.epochs(), batch + 1);
        }
        return whole ? Optional.of(endEpoch(number, rate, startedAt, recording)) : Optional.empty();
    }

    /** Noise on weights, where there is any, before this batch of the epoch. */
    private void layNoise(int draws, int batch) {
        if (noise != null && draws > 0) {
            RandomStream random =
                    new Streams(train.noise().seed().orZero())
                            .of(Streams.Purpose.PERTURBATION, place.epochs(), batch);
            network.load(noise.onto(network.parameters(), draws, random).parameters());
        }
    }

    private Evaluation endEpoch(int number, double rate, long startedAt, Recording recording) {
        if (noise != null) {
            layNoise(
                    train.noise().atEndOfEpoch(Step.epochs(number + 1L), train.epoch()),
                    train.epoch().iterations());
        }
        Optional<Measures> validation =
                data.validationRows().length == 0
                        ? Optional.empty()
                        : Optional.of(evaluator.measure(data.train(), data.validationRows()));
        boolean last = train.to().wholeEpochs(train.epoch()) == number + 1L;
        Evaluation evaluation =
                last
                        ? evaluator.onTest(data, recording)
                        : new Evaluation(
                                evaluator.measure(data.test()), null, null, null, null, null);
        Measures test = evaluation.test();
        requireFinite(number, test.loss());
        CurvePoint point =
                new CurvePoint(
                        train.phase(),
                        start.round(),
                        number + 1,
                        rate,
                        lossSum / samples,
                        classification() ? (double) correct / samples : null,
                        validation.map(Measures::loss).orElse(null),
                        validation.map(Measures::accuracy).orElse(null),
                        test.loss(),
                        test.accuracy(),
                        (System.nanoTime() - startedAt) * 1e-9);
        curve.add(point);
        selections.add(point, test);
        if (selections.isBestByValidation(point)) {
            best = network.parameters();
        }
        place = new Place(place.epochs() + 1, 0);
        lossSum = 0;
        correct = 0;
        samples = 0;
        return evaluation;
    }

    /** Epochs that ended so far. */
    public List<CurvePoint> curve() {
        return curve;
    }

    /** Selections of the phase so far. */
    public Selections selections() {
        return selections;
    }

    /** Parameters of the phase's best epoch by validation; empty where nothing is held out. */
    public List<Tensor> best() {
        return best;
    }

    /** Where the network stands now. */
    public Place place() {
        return place;
    }

    /** Learning rate of the last update; null before the first. */
    public Double learningRate() {
        return learningRate;
    }

    /** Sums of an epoch that has not ended; null where none has begun. */
    public Running running() {
        return place.iterations() == 0 ? null : new Running(lossSum, correct, samples);
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

    private void requireFinite(int epoch, double loss) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(
                    Text.of(
                            "the loss became %s in epoch %d of the %s training; a smaller learning rate may help",
                            loss, epoch + 1, train.phase()));
        }
    }
}
