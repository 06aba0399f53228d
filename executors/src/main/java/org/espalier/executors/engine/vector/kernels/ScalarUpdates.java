// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/** The rules of an update, element by element. */
interface ScalarUpdates extends Kernels {

    @Override
    default void keep(float[] g, int gAt, float[] keep, int keepAt, int n) {
        for (int i = 0; i < n; i++) {
            g[gAt + i] = keep[keepAt + i] == 0 ? 0 : g[gAt + i];
        }
    }

    @Override
    default void couple(float[] g, float[] w, int at, int n, float c) {
        for (int i = at; i < at + n; i++) {
            g[i] = Math.fma(c, w[i], g[i]);
        }
    }

    @Override
    default void shrink(float[] w, int at, int n, float c) {
        for (int i = at; i < at + n; i++) {
            w[i] = Math.fma(-c, w[i], w[i]);
        }
    }

    @Override
    default void sgd(float[] w, float[] g, int at, int n, float rate) {
        for (int i = at; i < at + n; i++) {
            w[i] = Math.fma(-rate, g[i], w[i]);
        }
    }

    @Override
    default void heavyBall(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        for (int i = at; i < at + n; i++) {
            v[i] = cleared(Math.fma(m, v[i], g[i]));
            w[i] = Math.fma(-rate, v[i], w[i]);
        }
    }

    @Override
    default void nesterov(float[] w, float[] g, float[] v, int at, int n, float rate, float m) {
        for (int i = at; i < at + n; i++) {
            v[i] = cleared(Math.fma(m, v[i], g[i]));
            w[i] = Math.fma(-rate, Math.fma(m, v[i], g[i]), w[i]);
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
        for (int i = at; i < at + n; i++) {
            m[i] = cleared(Math.fma(constants.beta1(), m[i], constants.rest1() * g[i]));
            v[i] = cleared(Math.fma(constants.beta2(), v[i], constants.rest2() * g[i] * g[i]));
            w[i] -= rate * m[i] / Math.fma((float) Math.sqrt(v[i]), root, constants.epsilon());
        }
    }

    private static float cleared(float moment) {
        return Math.abs(moment) < TINY ? 0 : moment;
    }
}
