// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.metrics.ClassRecalls;
import org.espalier.results.text.Text;
import org.hipparchus.stat.regression.SimpleRegression;

/**
 * Whether pruning widened the gap between well and badly recognised classes: one pruned model
 * against another, mostly its dense twin (same seed, same data).
 *
 * <p>With recall R_c of class c and accuracy A, the normalised recall balance of a model is {@code
 * b_c = (R_c - A) / A}. The intensification ratio of the model is the slope of the pruned balances
 * y_c on the dense ones x_c:
 *
 * <pre>
 *   alphaOrigin = sum_c x_c y_c / sum_c x_c^2          through the origin
 *   y_c = intercept + alphaOls x_c + residual_c        ordinary least squares
 * </pre>
 *
 * The first is the mean of the per-class ratios weighted by x_c^2, so classes without imbalance,
 * whose own ratio is undefined, do not count. Both are equal where all classes have as many samples
 * (the balances then sum to 0). Above 1 pruning intensified the distortion, below 1 it softened it;
 * but a network that is trained on without any pruning does not show 1 either, so a control belongs
 * beside it. Source: Good et al. 2022, "Recall Distortion in Neural Network Pruning and the
 * Undecayed Pruning Algorithm", arXiv:2206.02976; class differences are from the authors' code.
 *
 * @param alphaOrigin NaN where every dense recall equals the accuracy
 * @param alphaOls NaN where all dense balances are equal
 * @param intercept of the least-squares line; NaN with it
 * @param r2 share of the variance of y that the line explains, in [0, 1]; NaN where x or y has none
 * @param classes number of classes that count: those with samples
 * @param ratios class-level intensification y_c / x_c, one for each class; NaN where x_c is 0 or
 *     the class has no sample. Never average them
 * @param differences y_c - x_c, one for each class; NaN where it has no sample
 */
public record RecallDistortion(
        double alphaOrigin,
        double alphaOls,
        double intercept,
        double r2,
        int classes,
        List<Double> ratios,
        List<Double> differences) {
    public RecallDistortion {
        ratios = List.copyOf(ratios);
        differences = List.copyOf(differences);
    }

    /**
     * The distortion between two models.
     *
     * @param dense before, or the control
     * @param pruned after; same classes in the same order, on the same samples
     * @throws IllegalArgumentException if the two differ in their classes' samples, or either has
     *     accuracy 0
     */
    public static RecallDistortion between(ClassRecalls dense, ClassRecalls pruned) {
        requireSameSamples(dense, pruned);
        double[] x = dense.normalisedBalance();
        double[] y = pruned.normalisedBalance();
        SimpleRegression line = new SimpleRegression();
        List<Double> ratios = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        double xy = 0;
        double xx = 0;
        for (int c = 0; c < x.length; c++) {
            ratios.add(x[c] == 0 ? Double.NaN : y[c] / x[c]);
            differences.add(y[c] - x[c]);
            if (!Double.isNaN(x[c])) {
                xy += x[c] * y[c];
                xx += x[c] * x[c];
                line.addData(x[c], y[c]);
            }
        }
        return new RecallDistortion(
                xx == 0 ? Double.NaN : xy / xx,
                line.getSlope(),
                line.getIntercept(),
                line.getRSquare(),
                Math.toIntExact(line.getN()),
                ratios,
                differences);
    }

    private static void requireSameSamples(ClassRecalls dense, ClassRecalls pruned) {
        if (dense.classes() != pruned.classes()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "dense has %d classes, pruned has %d",
                            dense.classes(), pruned.classes()));
        }
        for (int c = 0; c < dense.classes(); c++) {
            if (dense.total()[c] != pruned.total()[c]) {
                throw new IllegalArgumentException(
                        Text.of(
                                "class %d has %d samples for the dense model, %d for the pruned one",
                                c, dense.total()[c], pruned.total()[c]));
            }
        }
    }
}
