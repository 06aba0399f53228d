// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.espalier.executors.engine.vector.kernels.Kernels;

/** One element-wise pass for each rule of an update. */
interface Updates extends Kernels {

    @Override
    default void keep(float[] g, int gAt, float[] keep, int keepAt, int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, g, gAt + i);
            FloatVector k = FloatVector.fromArray(SPECIES, keep, keepAt + i);
            v.blend(zero, k.compare(VectorOperators.EQ, zero)).intoArray(g, gAt + i);
        }
    }

    @Override
    default void couple(float[] g, float[] w, int at, int n, float c) {
        FloatVector factor = FloatVector.broadcast(SPECIES, c);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, g, i);
            FloatVector.fromArray(SPECIES, w, i).fma(factor, v).intoArray(g, i);
        }
    }

    @Override
    default void shrink(float[] w, int at, int n, float c) {
        FloatVector factor = FloatVector.broadcast(SPECIES, -c);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, i);
            v.fma(factor, v).intoArray(w, i);
        }
    }

    @Override
    default void sgd(float[] w, float[] g, int at, int n, float rate) {
        FloatVector factor = FloatVector.broadcast(SPECIES, -rate);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, i);
            FloatVector.fromArray(SPECIES, g, i).fma(factor, v).intoArray(w, i);
        }
    }

    @Override
    default void heavyBall(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector keep = FloatVector.broadcast(SPECIES, m);
        FloatVector factor = FloatVector.broadcast(SPECIES, -rate);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, i);
            FloatVector velocity = FloatVector.fromArray(SPECIES, v, i).fma(keep, gradient);
            velocity = velocity.blend(zero, velocity.abs().compare(VectorOperators.LT, TINY));
            velocity.intoArray(v, i);
            velocity.fma(factor, FloatVector.fromArray(SPECIES, w, i)).intoArray(w, i);
        }
    }

    @Override
    default void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector keep = FloatVector.broadcast(SPECIES, m);
        FloatVector factor = FloatVector.broadcast(SPECIES, -rate);
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, i);
            FloatVector velocity = FloatVector.fromArray(SPECIES, v, i).fma(keep, gradient);
            velocity = velocity.blend(zero, velocity.abs().compare(VectorOperators.LT, TINY));
            velocity.intoArray(v, i);
            velocity.fma(keep, gradient)
                    .fma(factor, FloatVector.fromArray(SPECIES, w, i))
                    .intoArray(w, i);
        }
    }

    @Override
    default void adam(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            int at,
            int n,
            Adam constants,
            float rate,
            float root) {
        float rest1 = constants.rest1();
        float rest2 = constants.rest2();
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.broadcast(SPECIES, constants.beta1());
        FloatVector b2 = FloatVector.broadcast(SPECIES, constants.beta2());
        FloatVector scale = FloatVector.broadcast(SPECIES, root);
        FloatVector floor = FloatVector.broadcast(SPECIES, constants.epsilon());
        for (int i = at; i < at + n; i += WIDTH) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, i);
            FloatVector mean = FloatVector.fromArray(SPECIES, m, i).fma(b1, gradient.mul(rest1));
            mean = mean.blend(zero, mean.abs().compare(VectorOperators.LT, TINY));
            mean.intoArray(m, i);
            FloatVector square =
                    FloatVector.fromArray(SPECIES, v, i).fma(b2, gradient.mul(rest2).mul(gradient));
            square = square.blend(zero, square.abs().compare(VectorOperators.LT, TINY));
            square.intoArray(v, i);
            FloatVector step = mean.mul(rate).div(square.sqrt().fma(scale, floor));
            FloatVector.fromArray(SPECIES, w, i).sub(step).intoArray(w, i);
        }
    }
}
