// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Arrays;

/**
 * Ties among values, groups of size u.
 *
 * @param pairs sum of u (u - 1) / 2
 * @param triples sum of u (u - 1) (u - 2)
 * @param v sum of u (u - 1) (2 u + 5)
 * @param cubes sum of u^3 - u
 */
record Ties(long pairs, double triples, double v, double cubes) {

    static Ties of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        long pairs = 0;
        double triples = 0;
        double v = 0;
        double cubes = 0;
        int from = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[from]) {
                double u = i - from;
                pairs += (long) (i - from) * (i - from - 1) / 2;
                triples += u * (u - 1) * (u - 2);
                v += u * (u - 1) * (2 * u + 5);
                cubes += u * u * u - u;
                from = i;
            }
        }
        return new Ties(pairs, triples, v, cubes);
    }
}
