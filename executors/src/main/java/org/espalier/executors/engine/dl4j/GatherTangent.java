// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import org.espalier.experiments.network.Shape;

/**
 * A layer whose outputs are means of some of its inputs, or the largest of them: pooling, and the
 * shortcut, which copies one or none. Derivatives go the way of the values; of equal largest values
 * the first counts.
 */
final class GatherTangent extends LayerTangent {
    private final int inputs;
    private final int[][] sources; // of each output of a sample
    private final Kind kind;

    /** What becomes of the inputs of an output. */
    enum Kind {
        LARGEST,
        MEAN
    }

    GatherTangent(Shape in, int[][] sources, Kind kind) {
        inputs = in.size();
        this.sources = sources;
        this.kind = kind;
    }

    /** The windows of a pooling layer, row by row. */
    static int[][] windows(Shape in, Shape out, int size, int stride) {
        int[][] windows = new int[out.size()][size * size];
        int area = out.height() * out.width();
        for (int o = 0; o < windows.length; o++) {
            int top = o % area / out.width() * stride;
            int left = o % out.width() * stride;
            for (int t = 0; t < windows[o].length; t++) {
                int row = o / area * in.height() + top + t / size;
                windows[o][t] = row * in.width() + left + t % size;
            }
        }
        return windows;
    }

    /** The input that each output of a shortcut shows; none in its channels of zeros. */
    static int[][] everyNth(Shape in, Shape out, int stride) {
        int[][] shown = new int[out.size()][];
        int area = out.height() * out.width();
        int before = (out.channels() - in.channels()) / 2;
        for (int o = 0; o < shown.length; o++) {
            int channel = o / area - before;
            int row = channel * in.height() + o % area / out.width() * stride;
            boolean zero = channel < 0 || channel >= in.channels();
            shown[o] = zero ? new int[0] : new int[] {row * in.width() + o % out.width() * stride};
        }
        return shown;
    }

    /** Index of the largest of an output's inputs, relative to the sample. */
    private int largest(int sample, int output) {
        int best = sources[output][0];
        for (int source : sources[output]) {
            if (x[sample * inputs + source] > x[sample * inputs + best]) {
                best = source;
            }
        }
        return best;
    }

    @Override
    float[] forward(float[] in) {
        float[] out = new float[count * sources.length];
        for (int i = 0; i < out.length; i++) {
            int sample = i / sources.length;
            int output = i % sources.length;
            if (kind == Kind.LARGEST) {
                out[i] = in[sample * inputs + largest(sample, output)];
            } else {
                for (int source : sources[output]) {
                    out[i] += in[sample * inputs + source] / sources[output].length;
                }
            }
        }
        return out;
    }

    @Override
    float[] backward(float[] delta, float[] along) {
        float[] back = new float[count * inputs];
        for (int i = 0; i < along.length; i++) {
            int sample = i / sources.length;
            int output = i % sources.length;
            if (kind == Kind.LARGEST) {
                back[sample * inputs + largest(sample, output)] += along[i];
            } else {
                for (int source : sources[output]) {
                    back[sample * inputs + source] += along[i] / sources[output].length;
                }
            }
        }
        return back;
    }
}
