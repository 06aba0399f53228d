// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a figure shows, whatever draws it: {@link FigurePainter} on paper and screen, the report in
 * a browser.
 *
 * @param id file name without its ending
 * @param title of all panels
 * @param panels drawn in equal size, those with one title of the y axis on one scale
 * @param caption what points and bars are, and of how many seeds
 */
public record Figure(String id, String title, List<Panel> panels, String caption) {
    public Figure {
        panels = List.copyOf(panels);
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("a figure has at least one panel");
        }
    }

    /** How values lie on an axis. */
    public enum Scale {
        /** Proportional. */
        LINEAR,
        /** Equal factors at equal distances; values above 0. */
        LOG,
        /** Named places at equal distances: a value is the index of one. */
        STEPS
    }

    /**
     * An axis.
     *
     * @param steps names of places, of {@link Scale#STEPS} alone
     */
    public record Axis(String title, Scale scale, List<String> steps) {
        public Axis {
            steps = List.copyOf(steps);
        }

        /** One with numbers. */
        public static Axis of(String title, Scale scale) {
            return new Axis(title, scale, List.of());
        }
    }

    /** What of a line is drawn. */
    public enum Mark {
        /** Points joined in their order. */
        JOINED,
        /** Points alone. */
        POINTS
    }

    /**
     * A point with an interval in y.
     *
     * @param low NaN where there is no interval, as of one seed
     * @param label what a browser tells of it
     */
    public record Point(double x, double y, double low, double high, String label) {}

    /**
     * Points of one kind.
     *
     * @param name in the legend
     * @param colour which colour and marker, from 0: one for each method, the same in all panels
     * @param stroke which line style, from 0: one for each setting
     */
    public record Line(String name, int colour, int stroke, Mark mark, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A level to compare with, across the panel. */
    public record Reference(String name, double y, int stroke) {}

    /** One coordinate system. */
    public record Panel(
            String title, Axis x, Axis y, List<Line> lines, List<Reference> references) {
        public Panel {
            lines = List.copyOf(lines);
            references = List.copyOf(references);
        }

        boolean isEmpty() {
            return lines.stream().allMatch(l -> l.points().isEmpty());
        }
    }

    /** Whether no panel has a point. */
    public boolean isEmpty() {
        return panels.stream().allMatch(Panel::isEmpty);
    }

    /** An entry of the legend; colour -1 of a reference. */
    public record Key(String name, int colour, int stroke, Mark mark) {}

    /** The legend: each name once, in the order of the lines, references last. */
    public List<Key> legend() {
        List<Key> keys = new ArrayList<>();
        for (Panel panel : panels) {
            for (Line line : panel.lines()) {
                Key key = new Key(line.name(), line.colour(), line.stroke(), line.mark());
                if (!keys.contains(key)) {
                    keys.add(key);
                }
            }
        }
        List<Key> references = new ArrayList<>();
        for (Panel panel : panels) {
            for (Reference r : panel.references()) {
                Key key = new Key(r.name(), -1, r.stroke(), Mark.JOINED);
                if (!references.contains(key)) {
                    references.add(key);
                }
            }
        }
        keys.addAll(references);
        return Collections.unmodifiableList(keys);
    }

    /**
     * Lowest and highest value in y of the panels that share the scale of one; null without any.
     */
    double[] range(Panel of) {
        double[] values =
                panels.stream()
                        .filter(p -> p.y().equals(of.y()))
                        .flatMapToDouble(
                                p ->
                                        java.util.stream.DoubleStream.concat(
                                                p.references().stream().mapToDouble(Reference::y),
                                                p.lines().stream()
                                                        .flatMap(l -> l.points().stream())
                                                        .flatMapToDouble(
                                                                q ->
                                                                        Arrays.stream(
                                                                                new double[] {
                                                                                    q.y(), q.low(),
                                                                                    q.high()
                                                                                }))))
                        .filter(Double::isFinite)
                        .filter(v -> of.y().scale() != Scale.LOG || v > 0)
                        .sorted()
                        .toArray();
        return values.length == 0 ? null : new double[] {values[0], values[values.length - 1]};
    }
}
