// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.espalier.experiments.figures.Figure.Axis;
import org.espalier.experiments.figures.Figure.Line;
import org.espalier.experiments.figures.Figure.Mark;
import org.espalier.experiments.figures.Figure.Panel;
import org.espalier.experiments.figures.Figure.Point;
import org.espalier.experiments.figures.Figure.Reference;
import org.espalier.experiments.figures.Figure.Scale;
import org.espalier.experiments.statistics.ConditionNames;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.MeanInterval;
import org.espalier.results.text.Text;

/**
 * How methods hold up as more is pruned: test accuracy (or loss, for a regression) against the
 * ratio, on the left just after pruning, on the right after fine-tuning, on one scale. A point is
 * the mean over seeds, a bar one standard deviation to each side, cut where values end. The broken
 * line is the dense network on the left and the control, fine-tuned as long but not pruned, on the
 * right.
 *
 * <p>The ratios of the sweep stand at equal distances, in rising order.
 */
public final class RatioFigure {
    private RatioFigure() {}

    /**
     * The figure of a setting.
     *
     * @param id file name without its ending
     * @param title what the setting is called
     * @param conditions of one setting: they differ in method and ratio only
     * @throws IllegalArgumentException if they differ in more, or nothing was pruned
     */
    public static Figure of(String id, String title, List<ConditionSummary> conditions) {
        if (conditions.stream().map(c -> c.key().setting()).distinct().count() != 1) {
            throw new IllegalArgumentException("a figure shows one setting");
        }
        if (conditions.stream().allMatch(c -> c.key().isControl() || c.completed() == 0)) {
            throw new IllegalArgumentException("nothing was pruned, so there is nothing to draw");
        }
        boolean classes = conditions.get(0).key().task().equals("classification");
        SortedMap<Double, String> ratios = new TreeMap<>();
        conditions.stream()
                .filter(c -> !c.key().isControl())
                .forEach(c -> ratios.put(removed(c.key()), ConditionNames.ratio(c.key())));
        List<Double> places = List.copyOf(ratios.keySet());
        Axis x = new Axis("pruned", Scale.STEPS, List.copyOf(ratios.values()));
        Axis y =
                classes
                        ? Axis.of("test accuracy, %", Scale.LINEAR)
                        : Axis.of("test loss, log scale", Scale.LOG);
        return new Figure(
                id,
                title,
                List.of(
                        panel(
                                "just pruned",
                                new Axis[] {x, y},
                                conditions,
                                places,
                                ConditionSummary::pruned,
                                reference(
                                        "dense", conditions, ConditionSummary::dense, classes, 1)),
                        panel(
                                "pruned and fine-tuned",
                                new Axis[] {x, y},
                                conditions,
                                places,
                                ConditionSummary::fineTuned,
                                reference(
                                        "control",
                                        conditions,
                                        ConditionSummary::fineTuned,
                                        classes,
                                        0))),
                caption(conditions));
    }

    private static String caption(List<ConditionSummary> conditions) {
        int least = Integer.MAX_VALUE;
        int most = 0;
        int failed = 0;
        for (ConditionSummary c : conditions) {
            least = Math.min(least, c.completed());
            most = Math.max(most, c.completed());
            failed += c.failed();
        }
        String seeds =
                least == most
                        ? Text.of("%d %s", most, most == 1 ? "seed" : "seeds")
                        : Text.of("%d to %d seeds", least, most);
        return Text.of(
                "Mean over %s%s%s.",
                seeds,
                most > 1 ? ", bars one standard deviation of seeds to each side" : "",
                failed == 0 ? "" : Text.of("; %d failed cells are left out", failed));
    }

    private static List<Reference> reference(
            String name,
            List<ConditionSummary> conditions,
            Function<ConditionSummary, Optional<MeanInterval>> value,
            boolean classes,
            int stroke) {
        return conditions.stream()
                .filter(c -> c.key().isReference())
                .findFirst()
                .flatMap(value)
                .map(v -> List.of(new Reference(name, v.mean() * (classes ? 100 : 1), stroke)))
                .orElse(List.of());
    }

    private static Panel panel(
            String what,
            Axis[] axes,
            List<ConditionSummary> conditions,
            List<Double> places,
            Function<ConditionSummary, Optional<MeanInterval>> value,
            List<Reference> references) {
        ConditionNames names =
                new ConditionNames(conditions.stream().map(ConditionSummary::key).toList());
        Map<String, List<ConditionSummary>> methods = new LinkedHashMap<>();
        for (ConditionSummary c : conditions) {
            if (!c.key().isControl()) {
                methods.computeIfAbsent(names.method(c.key()), k -> new ArrayList<>()).add(c);
            }
        }
        boolean classes = axes[1].scale() == Scale.LINEAR;
        List<Line> lines = new ArrayList<>();
        methods.forEach(
                (name, members) -> {
                    SortedMap<Double, Point> points = new TreeMap<>();
                    for (ConditionSummary c : members) {
                        value.apply(c)
                                .ifPresent(
                                        v ->
                                                points.put(
                                                        removed(c.key()),
                                                        point(
                                                                places.indexOf(removed(c.key())),
                                                                v,
                                                                classes)));
                    }
                    lines.add(
                            new Line(
                                    name,
                                    lines.size(),
                                    0,
                                    Mark.JOINED,
                                    List.copyOf(points.values())));
                });
        return new Panel(what, axes[0], axes[1], lines, references);
    }

    private static Point point(int place, MeanInterval v, boolean classes) {
        double unit = classes ? 100 : 1;
        double mean = v.mean() * unit;
        if (v.n() < 2) {
            return new Point(place, mean, Double.NaN, Double.NaN, "1 seed");
        }
        double s = v.standardDeviation() * unit;
        return new Point(
                place,
                mean,
                Math.max(0, mean - s),
                classes ? Math.min(100, mean + s) : mean + s,
                Text.of("%d seeds", v.n()));
    }

    /** Rises with the ratio, however it is written. */
    private static double removed(ConditionSummary.Key key) {
        return switch (key.ratioKind()) {
            case "density" -> 1 - key.ratio();
            case "compression" -> 1 - 1 / key.ratio();
            default -> key.ratio();
        };
    }
}
