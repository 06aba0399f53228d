// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.espalier.experiments.inference.FamilyOfTests;
import org.espalier.experiments.inference.MeanTest;
import org.espalier.experiments.inference.SignFlips;
import org.espalier.experiments.statistics.ConditionSummary.Key;
import org.espalier.results.text.Text;

/**
 * Values of two things, matched: each x with the y of the same setting and seed.
 *
 * @param unmatched units that one side has and the other lacks
 */
record Pairs(double[] x, double[] y, int unmatched) {

    /** Columns that {@link #put} fills, and {@link #adjust} after all lines are there. */
    static List<Column> columns(String meaning, double margin) {
        return List.of(
                Column.count("pairs", "seeds that both have"),
                Column.number("difference", "mean over pairs of " + meaning),
                Column.number("difference_low", "lower end of its t interval"),
                Column.number("difference_high", "upper end of it"),
                Column.number("effect", "Hedges' g of the differences").inFiles(),
                Column.probability("p", "paired t test of no difference, two-sided").inFiles(),
                Column.probability(
                                "p_sign_flip",
                                "the same by exchanging signs, which assumes no distribution")
                        .inFiles(),
                Column.probability("p_holm", "p of the t test, corrected by Holm over this table"),
                Column.probability(
                                "p_bh",
                                "p of the t test, corrected by Benjamini and Hochberg over this table")
                        .inFiles(),
                Column.probability(
                                "p_equivalent",
                                "two one-sided tests: small where the difference is within "
                                        + Estimates.said(margin)
                                        + " of 0")
                        .inFiles());
    }

    /** Matches two lists of cells. */
    static Pairs of(List<CellResult> xs, List<CellResult> ys, ToDoubleFunction<CellResult> value) {
        Map<Object, Double> known = new HashMap<>();
        for (CellResult y : ys) {
            double v = value.applyAsDouble(y);
            if (Double.isFinite(v)) {
                known.put(unit(y), v);
            }
        }
        return of(xs, value, x -> known.get(unit(x)), known.size());
    }

    private static Object unit(CellResult cell) {
        Key setting = cell.condition().setting();
        return List.of(setting, cell.condition().ratio(), cell.seed());
    }

    /** Matches each cell with a value that is found for it; null or NaN where there is none. */
    static Pairs of(
            List<CellResult> xs,
            ToDoubleFunction<CellResult> value,
            Function<CellResult, Double> other,
            int others) {
        List<Double> left = new ArrayList<>();
        List<Double> right = new ArrayList<>();
        int alone = 0;
        for (CellResult cell : xs) {
            double v = value.applyAsDouble(cell);
            Double o = other.apply(cell);
            boolean has = o != null && Double.isFinite(o);
            if (Double.isFinite(v) && has) {
                left.add(v);
                right.add(o);
            } else if (Double.isFinite(v)) {
                alone++;
            }
        }
        int unmatched = alone + Math.max(0, others - left.size());
        return new Pairs(array(left), array(right), unmatched);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    int n() {
        return x.length;
    }

    double[] differences() {
        double[] d = new double[x.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = x[i] - y[i];
        }
        return d;
    }

    /** Fills the columns; what too few pairs cannot give stays empty. */
    void put(Lines.Line line, AnalysisOptions options, double margin) {
        line.put("pairs", n());
        if (n() == 0) {
            return;
        }
        double[] d = differences();
        line.put("difference", Estimates.mean(d));
        if (n() > 1) {
            MeanTest test = MeanTest.one(d, 0, options.level());
            line.put("difference_low", test.low())
                    .put("difference_high", test.high())
                    .put("effect", test.effect())
                    .put("p", test.p())
                    .put("p_sign_flip", SignFlips.meanP(d, options.seed()))
                    .put("p_equivalent", test.equivalenceP(margin));
        }
    }

    /** Says what a reader must know of these pairs. */
    void tell(Notes notes, String place, AnalysisOptions options) {
        if (unmatched > 0) {
            notes.at(
                    Caveat.Kind.MISSING_PAIRS,
                    "seeds that only one side of a comparison has are left out of it",
                    place + " (" + unmatched + ")");
        }
        if (n() == 1) {
            notes.at(Caveat.Kind.ONE_SEED, "one pair: no interval and no test", place);
        } else if (n() > 1 && Math.pow(2, 1.0 - n()) > options.alpha() * (1 + 1e-9)) {
            notes.at(
                    Caveat.Kind.FEW_SEEDS,
                    Text.of(
                            "so few pairs that the test by signs cannot reach %s, whatever they say (8 pairs reach .01); the t test rests on normal differences",
                            Estimates.said(options.alpha())),
                    Text.of("%s (%d)", place, n()));
        }
        if (n() > 1 && !Estimates.varies(differences())) {
            notes.at(
                    Caveat.Kind.ZERO_VARIANCE,
                    "all differences are equal, so intervals have no width and tests no meaning",
                    place);
        }
    }

    /**
     * Corrects a table's p-values as one family.
     *
     * @return how many tests it has
     */
    static int adjust(Lines lines) {
        double[] all = lines.numbers("p");
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (!Double.isNaN(all[i])) {
                at.add(i);
            }
        }
        double[] p = at.stream().mapToDouble(i -> all[i]).toArray();
        double[] holm = FamilyOfTests.holm(p);
        double[] bh = FamilyOfTests.benjaminiHochberg(p);
        for (int i = 0; i < p.length; i++) {
            lines.put(at.get(i), "p_holm", holm[i]);
            lines.put(at.get(i), "p_bh", bh[i]);
        }
        return p.length;
    }
}
