// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.hipparchus.stat.ranking.NaNStrategy;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/**
 * Values of several groups in the blocks that all of them have: seeds of a setting.
 *
 * @param values one row for each block, one column for each group
 * @param settings name of the setting of each block
 * @param dropped blocks that not every group has
 */
record Blocks(double[][] values, List<Object> settings, int dropped) {

    static Blocks of(List<Group> groups, ToDoubleFunction<CellResult> value) {
        Map<Object, Object> blocks = new LinkedHashMap<>();
        List<Map<Object, Double>> found = new ArrayList<>();
        for (Group group : groups) {
            Map<Object, Double> mine = new HashMap<>();
            for (CellResult c : group.completed()) {
                double v = value.applyAsDouble(c);
                if (Double.isFinite(v)) {
                    Object block =
                            List.of(c.condition().setting(), c.condition().ratio(), c.seed());
                    mine.put(block, v);
                    blocks.putIfAbsent(block, c.condition().setting());
                }
            }
            found.add(mine);
        }
        List<double[]> rows = new ArrayList<>();
        List<Object> settings = new ArrayList<>();
        blocks.forEach(
                (block, setting) -> {
                    if (found.stream().allMatch(m -> m.containsKey(block))) {
                        rows.add(found.stream().mapToDouble(m -> m.get(block)).toArray());
                        settings.add(setting);
                    }
                });
        return new Blocks(rows.toArray(new double[0][]), settings, blocks.size() - rows.size());
    }

    /** Mean over blocks of a group's rank, the lowest value first, ties at their mean. */
    double meanRank(int group) {
        NaturalRanking ranking = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE);
        return Arrays.stream(values)
                .mapToDouble(row -> ranking.rank(row)[group])
                .average()
                .orElse(Double.NaN);
    }

    /** Share of blocks with the lowest value, split where it is tied. */
    double wins(int group) {
        return Arrays.stream(values)
                .mapToDouble(
                        row -> {
                            double lowest = Arrays.stream(row).min().orElseThrow();
                            long tied = Arrays.stream(row).filter(v -> v == lowest).count();
                            return row[group] == lowest ? 1.0 / tied : 0;
                        })
                .average()
                .orElse(Double.NaN);
    }

    /** The mean of each setting's blocks, a row for each setting. */
    double[][] bySetting() {
        Map<Object, List<double[]>> lists = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            lists.computeIfAbsent(settings.get(i), s -> new ArrayList<>()).add(values[i]);
        }
        return lists.values().stream()
                .map(
                        rows -> {
                            double[] mean = new double[rows.get(0).length];
                            for (double[] row : rows) {
                                for (int c = 0; c < mean.length; c++) {
                                    mean[c] += row[c] / rows.size();
                                }
                            }
                            return mean;
                        })
                .toArray(double[][]::new);
    }

    double[] column(int group) {
        return Arrays.stream(values).mapToDouble(r -> r[group]).toArray();
    }
}
