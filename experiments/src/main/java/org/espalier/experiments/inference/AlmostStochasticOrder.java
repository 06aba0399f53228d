// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.inference;

import java.util.Arrays;
import org.espalier.experiments.random.RandomStream;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * Almost stochastic order (del Barrio, Cuesta-Albertos and Matran 2018; Dror, Shlomov and Reichart
 * 2019, Deep Dominance, ACL): how far a method is from being at least as good as another at every
 * quantile. With quantile functions F and G of the first and the second,
 *
 * <pre>
 *   violation = integral over t with F(t) &lt; G(t) of (F - G)^2 / integral of (F - G)^2
 * </pre>
 *
 * 0 where the first is never worse, 1 where it always is, 0.5 where both are one sample (nothing is
 * violated and nothing gained). Empirical quantile functions are steps, so the integrals are exact.
 *
 * @param violation of the two samples
 * @param upper violation that the true one is below with the confidence that was asked for:
 *     violation - s z, s the deviation of sqrt(n m / (n + m)) (violation* - violation) over
 *     bootstrap samples over that factor, z the normal quantile of 1 - confidence; in [0, 1]. Below
 *     0.5 the first method is called almost stochastically dominant, more safely below 0.2
 */
public record AlmostStochasticOrder(double violation, double upper) {
    private static final int DRAWS = 1_000;

    /**
     * The order of two samples, higher being better.
     *
     * @param confidence in (0, 1), e.g. 0.95
     * @param seed of the draws
     */
    public static AlmostStochasticOrder of(double[] x, double[] y, double confidence, long seed) {
        Samples.require("x", 2, x);
        Samples.require("y", 2, y);
        Samples.requireLevel(confidence);
        double violation = violation(x, y);
        RandomStream random = new RandomStream(seed);
        double factor = Math.sqrt((double) x.length * y.length / (x.length + y.length));
        double[] scaled = new double[DRAWS];
        Ranked ofX = Ranked.of(x);
        Ranked ofY = Ranked.of(y);
        double[] f = new double[x.length];
        double[] g = new double[y.length];
        for (int draw = 0; draw < DRAWS; draw++) {
            ofX.drawSorted(random, f);
            ofY.drawSorted(random, g);
            scaled[draw] = factor * (violationOfSorted(f, g) - violation);
        }
        double mean = Arrays.stream(scaled).average().orElseThrow();
        double variance =
                Arrays.stream(scaled).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double z = new NormalDistribution().inverseCumulativeProbability(1 - confidence);
        return new AlmostStochasticOrder(
                violation, Math.min(1, Math.max(0, violation - Math.sqrt(variance) / factor * z)));
    }

    /** The violation ratio alone. */
    static double violation(double[] x, double[] y) {
        double[] f = x.clone();
        double[] g = y.clone();
        Arrays.sort(f);
        Arrays.sort(g);
        return violationOfSorted(f, g);
    }

    private static double violationOfSorted(double[] f, double[] g) {
        double worse = 0;
        double all = 0;
        // both are constant between the multiples of 1 / n and of 1 / m
        long n = f.length;
        long m = g.length;
        long at = 0;
        int i = 0;
        int j = 0;
        while (i < n && j < m) {
            long next = Math.min((i + 1) * m, (j + 1) * n);
            double difference = f[i] - g[j];
            double part = (next - at) * difference * difference;
            all += part;
            worse += difference < 0 ? part : 0;
            at = next;
            i += at == (i + 1) * m ? 1 : 0;
            j += at == (j + 1) * n ? 1 : 0;
        }
        return all == 0 ? 0.5 : worse / all;
    }
}
