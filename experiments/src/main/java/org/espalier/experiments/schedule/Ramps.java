// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * How many of n weights are left after each of N events, K of them after the last:
 *
 * <pre>
 *   linear      kept_i = ceil(K + (n - K) (N - i) / N)          Bartoldson et al. 2020, arXiv:1906.03728
 *   cubic       kept_i = ceil(K + (n - K) ((N - i) / N)^3)      Zhu and Gupta 2017, arXiv:1710.01878
 *   geometric   kept_i = ceil(n (K / n)^(i / N))
 * </pre>
 *
 * for i = 1..N, exact but for the root of the geometric one, which is the smallest whole number
 * whose N-th power is at least {@code n^(N - i) K^i}: no rounding either. Each ends at K.
 */
final class Ramps {
    private Ramps() {}

    /** The same number of weights at each event. */
    static List<Integer> linear(int weights, int kept, int events) {
        return powers(weights, kept, events, 1);
    }

    /** Many weights at first, few at the end. */
    static List<Integer> cubic(int weights, int kept, int events) {
        return powers(weights, kept, events, 3);
    }

    private static List<Integer> powers(int weights, int kept, int events, int power) {
        List<Integer> counts = new ArrayList<>();
        BigInteger whole = BigInteger.valueOf(events).pow(power);
        for (int i = 1; i <= events; i++) {
            BigInteger part =
                    BigInteger.valueOf(weights - (long) kept)
                            .multiply(BigInteger.valueOf(events - (long) i).pow(power));
            BigInteger up = part.add(whole).subtract(BigInteger.ONE).divide(whole);
            counts.add(kept + up.intValueExact());
        }
        return counts;
    }

    /** The same factor at each event. */
    static List<Integer> geometric(int weights, int kept, int events) {
        List<Integer> counts = new ArrayList<>();
        BigInteger n = BigInteger.valueOf(weights);
        BigInteger k = BigInteger.valueOf(kept);
        for (int i = 1; i <= events; i++) {
            BigInteger power = n.pow(events - i).multiply(k.pow(i));
            int low = kept;
            int high = weights;
            while (low < high) {
                int middle = low + (high - low) / 2;
                boolean enough = BigInteger.valueOf(middle).pow(events).compareTo(power) >= 0;
                high = enough ? middle : high;
                low = enough ? low : middle + 1;
            }
            counts.add(low);
        }
        return counts;
    }
}
