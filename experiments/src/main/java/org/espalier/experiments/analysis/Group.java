// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.espalier.experiments.statistics.ConditionSummary.Key;

/**
 * Cells that a line of a table is about.
 *
 * @param keys values of the columns that say so
 * @param about what its lines are compared within: the keys without method
 * @param within the keys without method and ratio
 * @param first condition of one of its cells
 * @param method as it is called; empty where methods are averaged over
 * @param cells completed and failed
 */
record Group(
        List<Object> keys,
        List<Object> about,
        List<Object> within,
        Key first,
        String method,
        List<CellResult> cells) {
    Group {
        cells = List.copyOf(cells);
    }

    List<CellResult> completed() {
        return cells.stream().filter(CellResult::completed).toList();
    }

    long failed() {
        return cells.stream().filter(c -> !c.completed()).count();
    }

    boolean isControl() {
        return first.isControl();
    }

    boolean isReference() {
        return first.isReference();
    }

    /** Finite values of its completed cells. */
    double[] values(ToDoubleFunction<CellResult> of) {
        return finite(completed().stream().mapToDouble(of));
    }

    static double[] finite(DoubleStream values) {
        return values.filter(Double::isFinite).toArray();
    }

    /** The group in words: method at ratio, and the setting. */
    String inWords() {
        StringBuilder text = new StringBuilder();
        if (!method.isEmpty()) {
            text.append(method);
        }
        if (!isControl() && about.size() > within.size()) {
            text.append(text.length() == 0 ? "" : " ").append("at ").append(ratioText());
        }
        String setting = settingText();
        if (!setting.isEmpty()) {
            text.append(text.length() == 0 ? "" : ", ").append(setting);
        }
        return text.toString();
    }

    /** The setting, or what is left of it. */
    String settingText() {
        return within.isEmpty() ? "" : String.valueOf(within.get(0));
    }

    /** The ratio as its kind has it. */
    String ratioText() {
        return org.espalier.experiments.statistics.ConditionNames.ratio(first);
    }
}
