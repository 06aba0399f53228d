// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;

/**
 * Batch normalisation with running statistics, {@code y = scale h + shift} with {@code h = (x -
 * mean) / deviation}: linear in x, and in scale and x together bilinear.
 */
final class NormalisationTangent extends LayerTangent {
    private final String scaleName;
    private final String shiftName;
    private final float[] scale;
    private final float[] mean;
    private final double[] deviation;
    private final float[] scaleAlong;
    private final float[] shiftAlong;
    private final double[] scaleSums;
    private final double[] shiftSums;
    private float[] in;

    NormalisationTangent(NativeLayer layer, List<Tensor> direction) {
        scaleName = layer.variable(Parameter.Role.SCALE).parameter().name();
        shiftName = layer.variable(Parameter.Role.SHIFT).parameter().name();
        scale = layer.variable(Parameter.Role.SCALE).values();
        mean = layer.variable(Parameter.Role.RUNNING_MEAN).values();
        float[] variance = layer.variable(Parameter.Role.RUNNING_VARIANCE).values();
        deviation = new double[variance.length];
        for (int c = 0; c < deviation.length; c++) {
            deviation[c] = Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON);
        }
        scaleAlong = Tensors.named(direction, scaleName).values();
        shiftAlong = Tensors.named(direction, shiftName).values();
        scaleSums = new double[scale.length];
        shiftSums = new double[scale.length];
    }

    private int channel(int i) {
        return i / (x.length / count / scale.length) % scale.length;
    }

    private double normal(int i, int c) {
        return (x[i] - mean[c]) / deviation[c];
    }

    /** Derivative of {@code normal} along the direction. */
    private double normalAlong(int i, int c) {
        return in == null ? 0 : in[i] / deviation[c];
    }

    /** {@code Ry = Rscale h + scale Rh + Rshift}. */
    @Override
    float[] forward(float[] ofInput) {
        in = ofInput;
        float[] out = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            int c = channel(i);
            double bent = scaleAlong[c] * normal(i, c) + scale[c] * normalAlong(i, c);
            out[i] = (float) (bent + shiftAlong[c]);
        }
        return out;
    }

    /**
     * {@code Rdscale = sum (Rd h + d Rh)}, {@code Rdshift = sum Rd}, {@code Rdx = (Rscale d + scale
     * Rd) / deviation}.
     */
    @Override
    float[] backward(float[] delta, float[] along) {
        float[] back = new float[x.length];
        for (int i = 0; i < back.length; i++) {
            int c = channel(i);
            double product = along[i] * normal(i, c) + delta[i] * normalAlong(i, c);
            scaleSums[c] += count * product;
            shiftSums[c] += (double) count * along[i];
            double slope = (double) scaleAlong[c] * delta[i] + (double) scale[c] * along[i];
            back[i] = (float) (slope / deviation[c]);
        }
        return back;
    }

    @Override
    Map<String, double[]> sums() {
        return Map.of(scaleName, scaleSums, shiftName, shiftSums);
    }
}
