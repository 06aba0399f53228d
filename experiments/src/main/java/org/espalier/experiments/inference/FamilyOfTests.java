// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * P-values of tests that are read together. A test without one (NaN) is no member: it stays NaN and
 * the others are not corrected for it.
 */
public final class FamilyOfTests {
    private FamilyOfTests() {}

    /**
     * Holm's adjusted p-values (1979): of m members, the k-th smallest times m - k + 1, made
     * monotone, 1 at most. Below a level they keep the chance of any false rejection below it.
     */
    public static double[] holm(double... p) {
        List<Integer> order = order(p);
        double[] adjusted = p.clone();
        double largest = 0;
        for (int k = 0; k < order.size(); k++) {
            int at = order.get(k);
            largest = Math.max(largest, Math.min(1, p[at] * (order.size() - k)));
            adjusted[at] = largest;
        }
        return adjusted;
    }

    /**
     * Benjamini and Hochberg's adjusted p-values (1995): of m members, the k-th smallest times m /
     * k, made monotone. Below a level they keep the expected share of false rejections below it,
     * where tests are independent or positively dependent.
     */
    public static double[] benjaminiHochberg(double... p) {
        List<Integer> order = order(p);
        double[] adjusted = p.clone();
        double smallest = 1;
        for (int k = order.size() - 1; k >= 0; k--) {
            int at = order.get(k);
            smallest = Math.min(smallest, p[at] * order.size() / (k + 1));
            adjusted[at] = smallest;
        }
        return adjusted;
    }

    private static List<Integer> order(double... p) {
        for (double value : p) {
            if (value < 0 || value > 1) {
                throw new IllegalArgumentException("a p-value is in [0, 1], got " + value);
            }
        }
        return IntStream.range(0, p.length)
                .filter(i -> !Double.isNaN(p[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .toList();
    }
}
