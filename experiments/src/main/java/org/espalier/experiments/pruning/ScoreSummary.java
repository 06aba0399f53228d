// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the scores of one pruning looked like, over the weights that were not pruned before.
 *
 * @param pruned weights that were chosen
 * @param threshold smallest score that was kept, the largest where the target is large; empty where
 *     nothing was kept, and under a layer-wise ranking, which has no common threshold
 * @param ties weights whose score equals the threshold, at least 1; empty where that is
 * @param meanPruned mean score of the chosen weights; empty where there are none
 * @param zeros weights whose score is exactly 0
 */
public record ScoreSummary(
        int pruned,
        OptionalDouble threshold,
        OptionalLong ties,
        OptionalDouble meanPruned,
        long zeros) {

    /**
     * Over the weights that {@code before} keeps: those that {@code after} keeps, and the rest.
     * Lists run over the prunable tensors.
     */
    static ScoreSummary of(PruningMethod.Ranking ranking, List<Mask> before, List<Mask> after) {
        List<float[]> scores = ranking.scores();
        boolean large = ranking.target() == PruningMethod.Target.LARGE;
        int pruned = 0;
        double sum = 0;
        double threshold = Double.NaN; // none was kept yet
        long zeros = 0;
        for (int t = 0; t < before.size(); t++) {
            Mask old = before.get(t);
            for (int i = old.nextKept(0); i >= 0; i = old.nextKept(i + 1)) {
                double score = scores.get(t)[i];
                zeros += score == 0 ? 1 : 0;
                if (after.get(t).keeps(i)) {
                    boolean beyond = large ? score > threshold : score < threshold;
                    threshold = Double.isNaN(threshold) || beyond ? score : threshold;
                } else {
                    pruned++;
                    sum += score;
                }
            }
        }
        boolean kept = !Double.isNaN(threshold);
        return new ScoreSummary(
                pruned,
                kept ? OptionalDouble.of(threshold) : OptionalDouble.empty(),
                kept ? OptionalLong.of(equal(scores, before, threshold)) : OptionalLong.empty(),
                pruned == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / pruned),
                zeros);
    }

    private static long equal(List<float[]> scores, List<Mask> before, double threshold) {
        long equal = 0;
        for (int t = 0; t < before.size(); t++) {
            Mask old = before.get(t);
            for (int i = old.nextKept(0); i >= 0; i = old.nextKept(i + 1)) {
                equal += scores.get(t)[i] == threshold ? 1 : 0;
            }
        }
        return equal;
    }

    /** The same of a ranking in which every layer has a threshold of its own. */
    ScoreSummary withoutThreshold() {
        return new ScoreSummary(
                pruned, OptionalDouble.empty(), OptionalLong.empty(), meanPruned, zeros);
    }
}
