// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Arrays;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.executors.engine.vector.kernels.SparseProduct;
import org.espalier.experiments.pruning.Mask;

/**
 * Which weights of a matrix [outputs, channels, taps] survive, and where they are needed. Slots
 * hold the surviving weights; an index lists them as the forward pass takes them, and a second one
 * channel by channel, tap by tap, output by output for the way back.
 *
 * <p>The forward pass of a convolution goes output by output, tap by tap, channel by channel, each
 * output's padded to 16, and slots are in that order. That of a dense layer goes output by output,
 * input by input, each output's padded to 4, and its survivor n has the slot {@link Kernels#slot},
 * which is where its gradient is folded to. What lies in a slot of padding is never read.
 */
final class Compressed {

    /** Gradients of a dense layer that are computed together. */
    private static final int TOGETHER = 4;

    /** Number of slots, a multiple of 16. */
    final int slots;

    /** Index of each slot's weight in the parameter; -1 for padding. */
    final int[] source;

    /**
     * Outputs from inputs: for each kind of window its pieces, and [0][0] alone in a dense layer.
     */
    final SparseProduct[][] forward;

    /** Inputs from outputs, alike. */
    final SparseProduct[][] backward;

    /**
     * A matrix [outputs, channels, taps].
     *
     * @param inputStep rows from one channel of the input to the next
     * @param outputStep rows from one channel of the output to the next
     */
    Compressed(
            Mask mask,
            int outputs,
            int channels,
            Windows forwardWindows,
            int inputStep,
            Windows backwardWindows,
            int outputStep) {
        int taps = forwardWindows.usual.length;
        int survivors = mask.cardinality();
        int[] slotOf = new int[mask.size()];
        int[] sources = new int[survivors + outputs * (Kernels.LANES - 1)];
        Arrays.fill(sources, -1);
        int[] segments = new int[outputs * (taps + 1)];
        int slot = 0;
        for (int o = 0; o < outputs; o++) {
            for (int t = 0; t < taps; t++) {
                segments[o * (taps + 1) + t] = slot;
                for (int i = 0; i < channels; i++) {
                    int weight = (o * channels + i) * taps + t;
                    if (mask.keeps(weight)) {
                        slotOf[weight] = slot;
                        sources[slot++] = weight;
                    }
                }
            }
            segments[o * (taps + 1) + taps] = slot;
            slot = Memory.padded(slot);
        }
        slots = slot;
        source = Arrays.copyOf(sources, slots);
        int[] steps = new int[slots];
        int[] backSegments = new int[channels * (taps + 1)];
        int[] backOrder = new int[survivors];
        int[] backSteps = new int[survivors];
        int next = 0;
        for (int i = 0; i < channels; i++) {
            for (int t = 0; t < taps; t++) {
                backSegments[i * (taps + 1) + t] = next;
                for (int o = 0; o < outputs; o++) {
                    int weight = (o * channels + i) * taps + t;
                    if (mask.keeps(weight)) {
                        steps[slotOf[weight]] = i * inputStep + forwardWindows.usual[t];
                        backOrder[next] = slotOf[weight];
                        backSteps[next++] = o * outputStep + backwardWindows.usual[t];
                    }
                }
            }
            backSegments[i * (taps + 1) + taps] = next;
        }
        forward =
                forwardWindows.products(
                        outputs, outputStep, Memory.steps(slots, 1), steps, segments);
        backward =
                backwardWindows.products(channels, inputStep, backOrder, backSteps, backSegments);
    }

    /** A matrix [outputs, inputs]. */
    Compressed(Mask mask, int outputs, int inputs) {
        int survivors = mask.cardinality();
        int most = Memory.padded(survivors + (TOGETHER - 1) * outputs);
        int[] sources = new int[most];
        Arrays.fill(sources, -1);
        int[] order = new int[most];
        int[] steps = new int[most];
        int[] segments = new int[2 * outputs];
        int[] slotOf = new int[mask.size()];
        int next = 0;
        for (int o = 0; o < outputs; o++) {
            next = roundedUp(next);
            segments[2 * o] = next;
            for (int i = 0; i < inputs; i++) {
                int weight = o * inputs + i;
                if (mask.keeps(weight)) {
                    int slot = Kernels.slot(next);
                    slotOf[weight] = slot;
                    sources[slot] = weight;
                    order[next] = slot;
                    steps[next++] = i;
                }
            }
            segments[2 * o + 1] = next;
        }
        slots = Memory.padded(next);
        source = Arrays.copyOf(sources, slots);
        int[] backSegments = new int[2 * inputs];
        int[] backOrder = new int[survivors];
        int[] backSteps = new int[survivors];
        next = 0;
        for (int i = 0; i < inputs; i++) {
            backSegments[2 * i] = next;
            for (int o = 0; o < outputs; o++) {
                int weight = o * inputs + i;
                if (mask.keeps(weight)) {
                    backOrder[next] = slotOf[weight];
                    backSteps[next++] = o;
                }
            }
            backSegments[2 * i + 1] = next;
        }
        forward = whole(outputs, order, steps, segments);
        backward = whole(inputs, backOrder, backSteps, backSegments);
    }

    private static SparseProduct[][] whole(int rows, int[] order, int[] steps, int[] segments) {
        return new SparseProduct[][] {
            {new SparseProduct(rows, 1, order, steps, segments, 2, 0, 1, 0)}
        };
    }

    /** The end of an output's survivors with those that are computed along with the last. */
    static int roundedUp(int end) {
        return (end + TOGETHER - 1) / TOGETHER * TOGETHER;
    }
}
