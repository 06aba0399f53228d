// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import java.util.List;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/**
 * {@code strokes}: handwritten-like digits, 28x28 bytes, drawn from pen strokes of our own with
 * random bends, slant, turn, stretch, thickness, pressure and blur. Its ten classes are of uneven
 * difficulty on purpose, so that what pruning does to weak classes can be seen: some ways to write
 * a digit lie close to another one (1 and 7, 3 and 8, 4 and 9, 5 and 6), and the hand that writes
 * is less steady for some digits than for others.
 *
 * <p>Sample i is of class i mod 10, so all classes are equally frequent in any prefix. One stream
 * draws the training samples in order, another the test samples, so both are independent of each
 * other's number.
 */
public final class Strokes implements GeneratedSet {
    private static final int TRAIN = 10_000;
    private static final int TEST = 2_500;

    // "strokes1" and "strokes2" in ASCII
    private static final long TRAIN_KEY = 0x7374726f6b657331L;
    private static final long TEST_KEY = 0x7374726f6b657332L;

    /** How unsteady the hand is, digit by digit. */
    private static final double[] UNSTEADINESS = {0.8, 0.8, 1.0, 1.2, 0.9, 1.3, 1.0, 0.9, 1.4, 1.1};

    private static final DatasetInfo INFO =
            new DatasetInfo(
                    "strokes",
                    new Shape(1, StrokePen.SIDE, StrokePen.SIDE),
                    Architecture.Loss.SOFTMAX_CROSS_ENTROPY,
                    StrokeSkeletons.DIGITS,
                    TRAIN,
                    TEST,
                    "strokes-1");

    @Override
    public DatasetInfo info() {
        return INFO;
    }

    @Override
    public String summary() {
        return "handwritten-like digits made here, 28x28, 10 classes of uneven difficulty";
    }

    @Override
    public Dataset make() {
        return new Dataset(INFO, write(TRAIN, TRAIN_KEY), write(TEST, TEST_KEY));
    }

    private static Samples write(int count, long key) {
        int size = StrokePen.SIDE * StrokePen.SIDE;
        byte[] bytes = new byte[count * size];
        int[] labels = new int[count];
        RandomStream random = new RandomStream(key);
        StrokePen pen = new StrokePen(random);
        for (int i = 0; i < count; i++) {
            int digit = i % StrokeSkeletons.DIGITS;
            labels[i] = digit;
            pen.write(choose(digit, random), UNSTEADINESS[digit], bytes, i * size);
        }
        return new Samples(
                new Features.Bytes(INFO.shape(), bytes),
                new Targets.Labels(StrokeSkeletons.DIGITS, labels));
    }

    private static StrokeSkeletons.Skeleton choose(int digit, RandomStream random) {
        List<StrokeSkeletons.Skeleton> ways = StrokeSkeletons.of(digit);
        int left = random.nextInt(ways.stream().mapToInt(StrokeSkeletons.Skeleton::weight).sum());
        for (StrokeSkeletons.Skeleton way : ways) {
            left -= way.weight();
            if (left < 0) {
                return way;
            }
        }
        throw new AssertionError("weights do not add up");
    }
}
