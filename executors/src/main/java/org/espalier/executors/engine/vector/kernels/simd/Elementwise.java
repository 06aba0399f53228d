// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.espalier.executors.engine.vector.kernels.Functions;
import org.espalier.executors.engine.vector.kernels.Kernels;

/** Activations, softmax, and their exp and tanh: {@link Functions} step by step, in vectors. */
interface Elementwise extends Kernels {

    /** {@link Functions#exp}. */
    private static FloatVector exp(FloatVector x) {
        VectorMask<Float> low = x.compare(VectorOperators.LT, Functions.EXP_MIN);
        VectorMask<Float> high = x.compare(VectorOperators.GT, Functions.EXP_MAX);
        FloatVector held = x.blend(Functions.EXP_MIN, low).blend(Functions.EXP_MAX, high);
        FloatVector shifted =
                held.fma(
                        FloatVector.broadcast(SPECIES, Functions.LOG2_E),
                        FloatVector.broadcast(SPECIES, Functions.ROUNDER));
        FloatVector minusN = FloatVector.broadcast(SPECIES, Functions.ROUNDER).sub(shifted);
        FloatVector r =
                minusN.fma(
                        FloatVector.broadcast(SPECIES, Functions.LN2_LOW),
                        minusN.fma(FloatVector.broadcast(SPECIES, Functions.LN2_HIGH), held));
        FloatVector q = FloatVector.broadcast(SPECIES, Functions.E5);
        q = q.fma(r, FloatVector.broadcast(SPECIES, Functions.E4));
        q = q.fma(r, FloatVector.broadcast(SPECIES, Functions.E3));
        q = q.fma(r, FloatVector.broadcast(SPECIES, Functions.E2));
        q = q.fma(r, FloatVector.broadcast(SPECIES, Functions.E1));
        q = q.fma(r, FloatVector.broadcast(SPECIES, Functions.E0));
        FloatVector mantissa = q.fma(r.mul(r), r).add(1f);
        IntVector exponent =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3f80_0000);
        return mantissa.mul(exponent.reinterpretAsFloats());
    }

    @Override
    default void relu(float[] x, int at, int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.blend(zero, v.compare(VectorOperators.LT, zero)).intoArray(x, i);
        }
    }

    @Override
    default void reluGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yAt + i);
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + i);
            zero.blend(g, v.compare(VectorOperators.GT, zero)).intoArray(d, dAt + i);
        }
    }

    @Override
    default void tanh(float[] x, int at, int n) {
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector magnitude = v.abs();
            FloatVector square = v.mul(v);
            FloatVector t = FloatVector.broadcast(SPECIES, Functions.T4);
            t = t.fma(square, FloatVector.broadcast(SPECIES, Functions.T3));
            t = t.fma(square, FloatVector.broadcast(SPECIES, Functions.T2));
            t = t.fma(square, FloatVector.broadcast(SPECIES, Functions.T1));
            t = t.fma(square, FloatVector.broadcast(SPECIES, Functions.T0));
            FloatVector small = v.mul(square).fma(t, v);
            VectorMask<Float> beyond = magnitude.compare(VectorOperators.GT, Functions.TANH_LARGE);
            FloatVector held = magnitude.blend(Functions.TANH_LARGE, beyond);
            FloatVector two = FloatVector.broadcast(SPECIES, 2f);
            FloatVector one = FloatVector.broadcast(SPECIES, 1f);
            FloatVector large = one.sub(two.div(exp(held.add(held)).add(one)));
            VectorMask<Float> negative = v.compare(VectorOperators.LT, 0f);
            VectorMask<Float> isSmall = magnitude.compare(VectorOperators.LT, Functions.TANH_SMALL);
            large.blend(large.neg(), negative).blend(small, isSmall).intoArray(x, i);
        }
    }

    @Override
    default void tanhGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yAt + i);
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + i);
            v.mul(v).neg().fma(g, g).intoArray(d, dAt + i);
        }
    }

    @Override
    default void sigmoid(float[] x, int at, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            one.div(one.add(exp(v.neg()))).intoArray(x, i);
        }
    }

    @Override
    default void sigmoidGradient(float[] d, int dAt, float[] y, int yAt, int n) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yAt + i);
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + i);
            g.mul(v.mul(one.sub(v))).intoArray(d, dAt + i);
        }
    }

    @Override
    default void add(float[] y, int yAt, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yAt + i);
            v.add(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
        }
    }

    @Override
    default void plus(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            v.add(FloatVector.fromArray(SPECIES, z, zAt + i)).intoArray(y, yAt + i);
        }
    }

    @Override
    default void times(float[] y, int yAt, float[] x, int xAt, float[] z, int zAt, int n) {
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            v.mul(FloatVector.fromArray(SPECIES, z, zAt + i)).intoArray(y, yAt + i);
        }
    }

    @Override
    default void addScaled(float[] y, int yAt, float[] x, int xAt, int n, float factor) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, y, yAt + i);
            FloatVector.fromArray(SPECIES, x, xAt + i).fma(f, v).intoArray(y, yAt + i);
        }
    }

    @Override
    default void larger(
            float[] best,
            int bestAt,
            float[] which,
            int whichAt,
            float[] x,
            int xAt,
            int n,
            int tap) {
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            FloatVector b = FloatVector.fromArray(SPECIES, best, bestAt + i);
            VectorMask<Float> larger =
                    v.compare(VectorOperators.GT, b).or(v.compare(VectorOperators.NE, v));
            b.blend(v, larger).intoArray(best, bestAt + i);
            FloatVector w = FloatVector.fromArray(SPECIES, which, whichAt + i);
            w.blend((float) tap, larger).intoArray(which, whichAt + i);
        }
    }

    @Override
    default void largerGradient(
            float[] dx, int dxAt, float[] which, int whichAt, float[] d, int dAt, int n, int tap) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector w = FloatVector.fromArray(SPECIES, which, whichAt + i);
            FloatVector g = FloatVector.fromArray(SPECIES, d, dAt + i);
            FloatVector part = zero.blend(g, w.compare(VectorOperators.EQ, (float) tap));
            FloatVector.fromArray(SPECIES, dx, dxAt + i).add(part).intoArray(dx, dxAt + i);
        }
    }

    @Override
    default void softmax(
            float[] p,
            int pAt,
            float[] z,
            int zAt,
            int classes,
            int columns,
            float[] maxima,
            float[] totals) {
        for (int c = 0; c < columns; c += WIDTH) {
            softmax(p, pAt + c, z, zAt + c, classes, columns, maxima, totals, c);
        }
    }

    /** Of one vector of columns. */
    private static void softmax(
            float[] p,
            int pAt,
            float[] z,
            int zAt,
            int classes,
            int row,
            float[] maxima,
            float[] totals,
            int c) {
        FloatVector max = FloatVector.fromArray(SPECIES, z, zAt);
        for (int k = 1; k < classes; k++) {
            FloatVector v = FloatVector.fromArray(SPECIES, z, zAt + k * row);
            max = max.blend(v, v.compare(VectorOperators.GT, max));
        }
        FloatVector total = FloatVector.zero(SPECIES);
        for (int k = 0; k < classes; k++) {
            FloatVector v = FloatVector.fromArray(SPECIES, z, zAt + k * row);
            FloatVector e = exp(v.sub(max));
            e.intoArray(p, pAt + k * row);
            total = total.add(e);
        }
        for (int k = 0; k < classes; k++) {
            FloatVector e = FloatVector.fromArray(SPECIES, p, pAt + k * row);
            e.div(total).intoArray(p, pAt + k * row);
        }
        max.intoArray(maxima, c);
        total.intoArray(totals, c);
    }
}
