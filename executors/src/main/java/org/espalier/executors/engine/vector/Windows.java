// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.vector.kernels.Product;
import org.espalier.executors.engine.vector.kernels.SparseProduct;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;

/**
 * Which positions of an image a kernel's taps meet, at every position of the other image, worked
 * out once. Images lie without a border: taps that would fall outside are left out. Positions next
 * to one another that meet the same taps make a run, which is one call of a kernel, as their
 * samples lie in one piece.
 */
final class Windows {

    /** Positions that are computed alike. */
    static final class Run {
        /** First position that is written. */
        final int to;

        /** Where its window starts in the image that is read; may lie outside. */
        final int from;

        final int length;
        final Taps taps;

        private Run(int to, int from, int length, Taps taps) {
            this.to = to;
            this.from = from;
            this.length = length;
            this.taps = taps;
        }
    }

    /** The taps that positions of one kind meet. */
    static final class Taps {
        /** Number of each in the kernel, rising. */
        final int[] taps;

        /** Where each is, from the start of the window. */
        final int[] steps;

        /** Number of this kind among all of its image. */
        final int kind;

        /**
         * Neighbouring taps whose steps differ from the usual ones by one shift: the first, the one
         * after the last, and the shift.
         */
        final int[][] pieces;

        private Taps(int[] taps, int[] steps, int kind, int[] usual) {
            this.taps = taps;
            this.steps = steps;
            this.kind = kind;
            List<int[]> found = new ArrayList<>();
            for (int t = 0; t < taps.length; t++) {
                int shift = steps[t] - usual[taps[t]];
                int[] last = found.isEmpty() ? null : found.get(found.size() - 1);
                if (last != null && last[1] == taps[t] && last[2] == shift) {
                    last[1]++;
                } else {
                    found.add(new int[] {taps[t], taps[t] + 1, shift});
                }
            }
            pieces = found.toArray(int[][]::new);
        }
    }

    /** Usual step of each tap. */
    final int[] usual;

    final Run[] runs;

    /** One of each kind, by number. */
    final Taps[] kinds;

    private Windows(int[] usual, Run[] runs, Taps[] kinds) {
        this.usual = usual;
        this.runs = runs;
        this.kinds = kinds;
    }

    /** Output positions that read input positions. */
    static Windows forward(Layer.Convolution layer, Shape in, Shape out) {
        int[] usual = new int[layer.kernel() * layer.kernel()];
        for (int t = 0; t < usual.length; t++) {
            usual[t] = t / layer.kernel() * in.width() + t % layer.kernel();
        }
        return of(layer, usual, out, in.width(), true, in.height());
    }

    /** Input positions that read gradients of output positions. */
    static Windows backward(Layer.Convolution layer, Shape in, Shape out) {
        int[] usual = new int[layer.kernel() * layer.kernel()];
        for (int t = 0; t < usual.length; t++) {
            usual[t] = -(t / layer.kernel() * out.width() + t % layer.kernel());
        }
        return of(layer, usual, in, out.width(), false, out.height());
    }

    private static Windows of(
            Layer.Convolution layer,
            int[] usual,
            Shape to,
            int width,
            boolean forward,
            int height) {
        Map<List<Integer>, Taps> kinds = new LinkedHashMap<>();
        List<Run> runs = new ArrayList<>();
        int kernel = layer.kernel();
        for (int r = 0; r < to.height(); r++) {
            int startRow = start(layer, r, forward);
            Run open = null;
            for (int c = 0; c < to.width(); c++) {
                int start = startRow * width + start(layer, c, forward);
                List<Integer> taps = new ArrayList<>();
                List<Integer> steps = new ArrayList<>();
                for (int t = 0; t < usual.length; t++) {
                    int row = source(layer, r, t / kernel, forward, height);
                    int column = source(layer, c, t % kernel, forward, width);
                    if (row >= 0 && column >= 0) {
                        taps.add(t);
                        steps.add(row * width + column - start);
                    }
                }
                if (taps.isEmpty()) {
                    open = null;
                    continue;
                }
                List<Integer> key = new ArrayList<>(taps);
                key.addAll(steps);
                Taps kind =
                        kinds.computeIfAbsent(
                                key, k -> new Taps(array(taps), array(steps), kinds.size(), usual));
                if (open != null && open.taps == kind && layer.stride() == 1) {
                    open = new Run(open.to, open.from, open.length + 1, kind);
                    runs.set(runs.size() - 1, open);
                } else {
                    open = new Run(r * to.width() + c, start, 1, kind);
                    runs.add(open);
                }
            }
        }
        return new Windows(usual, runs.toArray(Run[]::new), kinds.values().toArray(Taps[]::new));
    }

    private static int start(Layer.Convolution layer, int at, boolean forward) {
        return forward
                ? at * layer.stride() - layer.padding()
                : (at + layer.padding()) / layer.stride();
    }

    /** Coordinate that a tap meets, or -1. */
    private static int source(
            Layer.Convolution layer, int at, int tap, boolean forward, int extent) {
        int source;
        if (forward) {
            source = at * layer.stride() + tap - layer.padding();
        } else {
            int distance = at + layer.padding() - tap;
            source =
                    distance < 0 || distance % layer.stride() != 0 ? -1 : distance / layer.stride();
        }
        return source < extent ? source : -1;
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    /**
     * The longest pieces of each tap alone, row by row of an image of this width: first position
     * written, first position read, length, tap.
     */
    int[][] ofEachTap(int width) {
        List<int[]> pieces = new ArrayList<>();
        int[][] open = new int[usual.length][];
        for (Run run : runs) {
            for (int t = 0; t < run.taps.taps.length; t++) {
                int tap = run.taps.taps[t];
                int from = run.from + run.taps.steps[t];
                int[] last = open[tap];
                boolean starts = run.to % width == 0;
                if (!starts
                        && last != null
                        && last[0] + last[2] == run.to
                        && last[1] + last[2] == from) {
                    last[2] += run.length;
                } else {
                    open[tap] = new int[] {run.to, from, run.length, tap};
                    pieces.add(open[tap]);
                }
            }
        }
        return pieces.toArray(int[][]::new);
    }

    /**
     * Products over channels and taps, one for each kind, of a matrix with the weights of a row of
     * outputs {@code wStep} apart, of a channel {@code wChannel}.
     *
     * @param outStep rows from one output to the next
     * @param channel rows from one channel of what is read to the next
     */
    Product[] products(
            int outputs, int outStep, int wStep, int channels, int wChannel, int channel) {
        Product[] products = new Product[kinds.length];
        for (Taps kind : kinds) {
            int taps = kind.taps.length;
            int[] weights = new int[channels * taps];
            int[] inputs = new int[channels * taps];
            for (int s = 0; s < weights.length; s++) {
                weights[s] = s / taps * wChannel + kind.taps[s % taps];
                inputs[s] = s / taps * channel + kind.steps[s % taps];
            }
            products[kind.kind] = new Product(outputs, outStep, wStep, weights, inputs);
        }
        return products;
    }

    /**
     * Products with a compressed matrix, for each kind one for each of its pieces.
     *
     * @param steps of each weight where its tap is at its usual place
     * @param segments of each output's taps, and their end
     */
    SparseProduct[][] products(int outputs, int outStep, int[] order, int[] steps, int[] segments) {
        SparseProduct[][] products = new SparseProduct[kinds.length][];
        for (Taps kind : kinds) {
            products[kind.kind] = new SparseProduct[kind.pieces.length];
            for (int i = 0; i < kind.pieces.length; i++) {
                int[] piece = kind.pieces[i];
                products[kind.kind][i] =
                        new SparseProduct(
                                outputs,
                                outStep,
                                order,
                                steps,
                                segments,
                                usual.length + 1,
                                piece[0],
                                piece[1],
                                piece[2]);
            }
        }
        return products;
    }
}
