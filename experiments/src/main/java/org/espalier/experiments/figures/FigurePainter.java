// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.figures.Figure.Key;
import org.espalier.experiments.figures.Figure.Line;
import org.espalier.experiments.figures.Figure.Mark;
import org.espalier.experiments.figures.Figure.Panel;
import org.espalier.experiments.figures.Figure.Point;
import org.espalier.experiments.figures.Figure.Scale;

/**
 * Draws a figure, in points of 1/72 inch: panels of one size, the legend and the caption below.
 * Colours are those of Okabe and Ito (2008), told apart by most colour-blind readers; a marker goes
 * with each.
 */
final class FigurePainter {
    /** Okabe and Ito's, without the yellow that paper does not show; black is for references. */
    static final List<Color> COLOURS =
            List.of(
                    new Color(0xD55E00),
                    new Color(0x009E73),
                    new Color(0x0072B2),
                    new Color(0xE69F00),
                    new Color(0xCC79A7),
                    new Color(0x56B4E9),
                    new Color(0x5D4B3A));

    private static final float[][] DASHES = {null, {5, 3}, {1.5f, 2}, {6, 2, 1.5f, 2}};
    private static final Color GRID = new Color(0xE4E4E4);
    private static final Color REFERENCE = new Color(0x444444);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 9);
    private static final Font PANEL = new Font(Font.SANS_SERIF, Font.BOLD, 8);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 8);
    private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 7);
    private static final double GAP = 6;
    private static final double RADIUS = 2.4;
    private static final double LEAST_PANEL = 200;
    private static final double KEY = 22;

    private final Figure figure;
    private final double width;
    private final FontMetrics tick = metrics(TICK);
    private final FontMetrics text = metrics(TEXT);
    private final FontMetrics bold = metrics(TITLE);
    private final FontMetrics panelTitle = metrics(PANEL);
    private final int columns;
    private final double left;
    private final double bottom;
    private final double plotWidth;
    private final double plotHeight;
    private final boolean turned;
    private final List<String> title;
    private final List<String> caption;
    private final int panelTitleLines;
    private final List<List<Key>> legend;

    FigurePainter(Figure figure, double width) {
        this.figure = figure;
        this.width = width;
        columns =
                (int)
                        Math.max(
                                1,
                                Math.min(figure.panels().size(), Math.floor(width / LEAST_PANEL)));
        double labels = 0;
        for (Panel p : figure.panels()) {
            for (String label : y(p).labels()) {
                labels = Math.max(labels, tick.stringWidth(label));
            }
        }
        left = labels + text.getHeight() + 2 * GAP;
        plotWidth = (width - GAP) / columns - left - GAP;
        plotHeight = Math.min(plotWidth * 0.72, 190);
        double room = plotWidth;
        double longest = 0;
        for (Panel p : figure.panels()) {
            Ticks ticks = x(p);
            for (String label : ticks.labels()) {
                longest = Math.max(longest, tick.stringWidth(label));
            }
            room = Math.min(room, plotWidth / Math.max(1, ticks.at().size()));
        }
        turned = longest + 3 > room;
        bottom =
                (turned ? longest * 0.71 + tick.getHeight() : tick.getHeight())
                        + text.getHeight()
                        + GAP;
        title = wrapped(figure.title(), bold, width - 2 * GAP);
        caption = wrapped(figure.caption(), text, width - 2 * GAP);
        panelTitleLines =
                figure.panels().stream()
                        .mapToInt(p -> wrapped(p.title(), panelTitle, plotWidth).size())
                        .max()
                        .orElse(1);
        legend = legendLines();
    }

    private static FontMetrics metrics(Font font) {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        FontMetrics metrics = g.getFontMetrics(font);
        g.dispose();
        return metrics;
    }

    private int rows() {
        return (figure.panels().size() + columns - 1) / columns;
    }

    private double panelHeight() {
        return panelTitleLines * panelTitle.getHeight() + GAP + plotHeight + bottom + GAP;
    }

    /** Height that the figure takes. */
    double height() {
        return GAP
                + title.size() * bold.getHeight()
                + GAP
                + rows() * panelHeight()
                + legend.size() * (text.getHeight() + 1)
                + GAP
                + caption.size() * text.getHeight()
                + GAP;
    }

    /** Lines of text that fit a width, broken at spaces, and inside words that are wider alone. */
    private static List<String> wrapped(String text, FontMetrics metrics, double width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            String rest = word;
            if (line.length() > 0 && metrics.stringWidth(line + " " + rest) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (metrics.stringWidth(rest) > width && rest.length() > 1) {
                int fits = rest.length();
                while (fits > 1 && metrics.stringWidth(rest.substring(0, fits)) > width) {
                    fits--;
                }
                if (line.length() > 0) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                lines.add(rest.substring(0, fits));
                rest = rest.substring(fits);
            }
            line.append(line.length() > 0 ? " " : "").append(rest);
        }
        if (line.length() > 0) {
            lines.add(line.toString());
        }
        return lines;
    }

    /**
     * Entries of the legend line by line; one that is wider than the figure has a line of its own.
     */
    private List<List<Key>> legendLines() {
        List<List<Key>> lines = new ArrayList<>();
        double used = 0;
        for (Key key : figure.legend()) {
            double needs = KEY + text.stringWidth(shown(key)) + 2 * GAP;
            if (lines.isEmpty() || used + needs > width - 2 * GAP) {
                lines.add(new ArrayList<>());
                used = 0;
            }
            lines.get(lines.size() - 1).add(key);
            used += needs;
        }
        return lines;
    }

    /** A name that is wider than the figure loses its middle. */
    private String shown(Key key) {
        double most = width - 4 * GAP - KEY;
        String name = key.name();
        if (text.stringWidth(name) <= most) {
            return name;
        }
        int keep = name.length();
        String cut = name;
        while (keep > 6 && text.stringWidth(cut) > most) {
            keep--;
            cut =
                    name.substring(0, (keep + 1) / 2)
                            + "…"
                            + name.substring(name.length() - keep / 2);
        }
        return cut;
    }

    private Ticks y(Panel panel) {
        if (panel.y().scale() == Scale.STEPS) {
            return Ticks.steps(panel.y().steps());
        }
        double[] range = figure.range(panel);
        if (range == null) {
            return Ticks.linear(0, 1, 6);
        }
        return panel.y().scale() == Scale.LOG
                ? Ticks.log(range[0], range[1], 7)
                : Ticks.linear(range[0], range[1], 7);
    }

    private Ticks x(Panel panel) {
        if (panel.x().scale() == Scale.STEPS) {
            return Ticks.steps(panel.x().steps());
        }
        double[] values =
                figure.panels().stream()
                        .filter(p -> p.x().equals(panel.x()))
                        .flatMap(p -> p.lines().stream())
                        .flatMap(l -> l.points().stream())
                        .mapToDouble(Point::x)
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
        if (values.length == 0) {
            return Ticks.linear(0, 1, 5);
        }
        double low = values[0];
        double high = values[values.length - 1];
        return panel.x().scale() == Scale.LOG
                ? Ticks.log(low, high, 5)
                : Ticks.linear(low, high, 5);
    }

    /** Draws with the upper left corner at 0, 0. */
    void paint(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(0, 0, width, height()));
        double top = GAP;
        top = paragraph(g, title, TITLE, bold, GAP, top) + GAP;
        for (int i = 0; i < figure.panels().size(); i++) {
            double cellWidth = (width - GAP) / columns;
            paint(
                    g,
                    figure.panels().get(i),
                    (i % columns) * cellWidth + left,
                    top + (i / columns) * panelHeight());
        }
        top += rows() * panelHeight();
        for (List<Key> line : legend) {
            double x = GAP;
            for (Key key : line) {
                key(g, key, x, top + text.getHeight() / 2.0);
                g.setColor(Color.BLACK);
                string(g, shown(key), TEXT, x + KEY, top + text.getAscent());
                x += KEY + text.stringWidth(shown(key)) + 2 * GAP;
            }
            top += text.getHeight() + 1;
        }
        paragraph(g, caption, TEXT, text, GAP, top + GAP);
    }

    private static double paragraph(
            Graphics2D g,
            List<String> lines,
            Font font,
            FontMetrics metrics,
            double x,
            double top) {
        double y = top;
        g.setColor(Color.BLACK);
        for (String line : lines) {
            string(g, line, font, x, y + metrics.getAscent());
            y += metrics.getHeight();
        }
        return y;
    }

    private static void string(Graphics2D g, String text, Font font, double x, double y) {
        g.setFont(font);
        g.drawString(text, (float) x, (float) y);
    }

    private void key(Graphics2D g, Key key, double x, double y) {
        Color colour = key.colour() < 0 ? REFERENCE : colour(key.colour());
        g.setColor(colour);
        if (key.mark() == Mark.JOINED) {
            g.setStroke(
                    stroke(
                            key.colour() < 0 ? 1f : 1.3f,
                            key.colour() < 0 ? key.stroke() + 1 : key.stroke()));
            g.draw(new Line2D.Double(x, y, x + KEY - 4, y));
        }
        if (key.colour() >= 0) {
            marker(g, key.colour(), x + (KEY - 4) / 2, y);
        }
    }

    static Color colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    private static BasicStroke stroke(float width, int style) {
        float[] dash = DASHES[style % DASHES.length];
        return dash == null
                ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    /** Eight markers, so that with seven colours 56 methods differ. */
    private static void marker(Graphics2D g, int index, double x, double y) {
        double r = RADIUS;
        g.setStroke(new BasicStroke(1f));
        Shape shape =
                switch (index % 8) {
                    case 0 -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
                    case 1 -> new Rectangle2D.Double(x - r * .9, y - r * .9, 1.8 * r, 1.8 * r);
                    case 2 -> polygon(x, y, r * 1.25, 3, -90);
                    case 3 -> polygon(x, y, r * 1.2, 4, 0);
                    case 4 -> polygon(x, y, r * 1.25, 3, 90);
                    case 5 -> polygon(x, y, r * 1.15, 5, -90);
                    case 6 -> cross(x, y, r, 0);
                    default -> cross(x, y, r, r);
                };
        if (index % 8 < 6) {
            g.fill(shape);
        } else {
            g.draw(shape);
        }
    }

    private static Shape polygon(double x, double y, double r, int corners, double turn) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners; i++) {
            double angle = Math.toRadians(turn + 360.0 * i / corners);
            double px = x + r * Math.cos(angle);
            double py = y + r * Math.sin(angle);
            if (i == 0) {
                path.moveTo(px, py);
            } else {
                path.lineTo(px, py);
            }
        }
        path.closePath();
        return path;
    }

    private static Shape cross(double x, double y, double r, double slant) {
        Path2D path = new Path2D.Double();
        path.moveTo(x - r, y - slant);
        path.lineTo(x + r, y + slant);
        path.moveTo(x - slant, y + r);
        path.lineTo(x + slant, y - r);
        return path;
    }

    private void paint(Graphics2D g, Panel panel, double x0, double top) {
        paragraph(g, wrapped(panel.title(), panelTitle, plotWidth), PANEL, panelTitle, x0, top);
        double y0 = top + panelTitleLines * panelTitle.getHeight() + GAP;
        Ticks ys = y(panel);
        Ticks xs = x(panel);
        g.setStroke(new BasicStroke(0.5f));
        for (int i = 0; i < ys.at().size(); i++) {
            double y = y0 + plotHeight * (1 - share(ys, panel.y().scale(), ys.at().get(i)));
            g.setColor(GRID);
            g.draw(new Line2D.Double(x0, y, x0 + plotWidth, y));
            g.setColor(Color.BLACK);
            String label = ys.labels().get(i);
            string(
                    g,
                    label,
                    TICK,
                    x0 - 4 - tick.stringWidth(label),
                    y + tick.getAscent() / 2.0 - 1);
        }
        for (int i = 0; i < xs.at().size(); i++) {
            double x = x0 + plotWidth * share(xs, panel.x().scale(), xs.at().get(i));
            g.setColor(Color.BLACK);
            g.draw(new Line2D.Double(x, y0 + plotHeight, x, y0 + plotHeight + 2.5));
            String label = xs.labels().get(i);
            double below = y0 + plotHeight + 3 + tick.getAscent();
            if (turned) {
                AffineTransform before = g.getTransform();
                g.translate(x + tick.getAscent() / 2.0, below - tick.getAscent() / 2.0);
                g.rotate(Math.toRadians(-45));
                string(g, label, TICK, -tick.stringWidth(label), tick.getAscent() / 2.0);
                g.setTransform(before);
            } else {
                string(g, label, TICK, x - tick.stringWidth(label) / 2.0, below);
            }
        }
        g.setColor(Color.BLACK);
        g.setStroke(new BasicStroke(0.8f));
        g.draw(new Line2D.Double(x0, y0, x0, y0 + plotHeight));
        g.draw(new Line2D.Double(x0, y0 + plotHeight, x0 + plotWidth, y0 + plotHeight));
        axisTitles(g, panel, x0, y0);
        if (panel.isEmpty()) {
            String none = "no value";
            string(
                    g,
                    none,
                    TEXT,
                    x0 + (plotWidth - text.stringWidth(none)) / 2.0,
                    y0 + plotHeight / 2);
        }
        for (Figure.Reference r : panel.references()) {
            if (Double.isFinite(r.y()) && (panel.y().scale() != Scale.LOG || r.y() > 0)) {
                double y = y0 + plotHeight * (1 - share(ys, panel.y().scale(), r.y()));
                g.setColor(REFERENCE);
                g.setStroke(stroke(1f, r.stroke() + 1));
                g.draw(new Line2D.Double(x0, y, x0 + plotWidth, y));
            }
        }
        for (int i = 0; i < panel.lines().size(); i++) {
            line(g, panel, i, xs, ys, x0, y0);
        }
    }

    private void axisTitles(Graphics2D g, Panel panel, double x0, double y0) {
        List<String> lines = wrapped(panel.x().title(), text, plotWidth);
        String first = lines.isEmpty() ? "" : lines.get(0);
        string(
                g,
                first,
                TEXT,
                x0 + (plotWidth - text.stringWidth(first)) / 2.0,
                y0 + plotHeight + bottom - 2);
        AffineTransform before = g.getTransform();
        String name = panel.y().title();
        g.translate(x0 - left + GAP + text.getAscent(), y0 + plotHeight / 2);
        g.rotate(-Math.PI / 2);
        string(g, name, TEXT, -text.stringWidth(name) / 2.0, 0);
        g.setTransform(before);
    }

    private static double share(Ticks ticks, Scale scale, double value) {
        if (scale == Scale.LOG) {
            return Math.log(value / ticks.low()) / Math.log(ticks.high() / ticks.low());
        }
        return (value - ticks.low()) / (ticks.high() - ticks.low());
    }

    private void line(
            Graphics2D g, Panel panel, int index, Ticks xs, Ticks ys, double x0, double y0) {
        Line line = panel.lines().get(index);
        double dodge = 0; // lines of one place stand beside each other
        if (panel.x().scale() == Scale.STEPS) {
            int n = panel.lines().size();
            double step = plotWidth / Math.max(1, xs.at().size());
            dodge = (index - (n - 1) / 2.0) * Math.min(3.2, 0.6 * step / n);
        }
        g.setColor(colour(line.colour()));
        Path2D path = new Path2D.Double();
        boolean begun = false;
        for (Point p : line.points()) {
            boolean drawn =
                    Double.isFinite(p.x())
                            && Double.isFinite(p.y())
                            && (panel.y().scale() != Scale.LOG || p.y() > 0);
            if (!drawn) {
                begun = false;
                continue;
            }
            double x = x0 + plotWidth * share(xs, panel.x().scale(), p.x()) + dodge;
            double y = y0 + plotHeight * (1 - share(ys, panel.y().scale(), p.y()));
            if (Double.isFinite(p.low()) && Double.isFinite(p.high())) {
                double bound =
                        panel.y().scale() == Scale.LOG ? Math.max(p.low(), ys.low()) : p.low();
                double low = y0 + plotHeight * (1 - share(ys, panel.y().scale(), bound));
                double high = y0 + plotHeight * (1 - share(ys, panel.y().scale(), p.high()));
                g.setStroke(new BasicStroke(0.8f));
                g.draw(new Line2D.Double(x, low, x, high));
                g.draw(new Line2D.Double(x - 1.5, low, x + 1.5, low));
                g.draw(new Line2D.Double(x - 1.5, high, x + 1.5, high));
            }
            marker(g, line.colour(), x, y);
            if (begun) {
                path.lineTo(x, y);
            } else {
                path.moveTo(x, y);
            }
            begun = true;
        }
        if (line.mark() == Mark.JOINED) {
            g.setStroke(stroke(1.3f, line.stroke()));
            g.draw(path);
        }
    }
}
