// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.MeanInterval;
import org.espalier.results.text.Text;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How methods hold up as more is pruned: test accuracy (or loss, for a regression) against the
 * ratio, on the left just after pruning, on the right after fine-tuning. A point is the mean over
 * seeds, a bar one standard deviation to each side. The grey line is the dense network on the left
 * and the control, fine-tuned as long but not pruned, on the right.
 *
 * <p>The ratios of the sweep stand at equal distances, in rising order. Colours are those of Okabe
 * and Ito, told apart by most colour-blind readers.
 */
public final class RatioFigure {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 400;

    private static final String FINE_TUNED = "pruned and fine-tuned";

    private static final int LARGEST_TITLE = 14;
    private static final int SMALLEST_TITLE = 6;

    /** Characters of a title that fit a panel in the largest size. */
    private static final int TITLE_FITS = 60;

    /** Added to decimal logarithms, since this kind of chart cannot draw negative values. */
    private static final double LIFT = 40;

    private static final Color LIGHT = new Color(0xDDDDDD);
    private static final List<Color> COLOURS =
            List.of(
                    new Color(0xD55E00),
                    new Color(0x009E73),
                    new Color(0x0072B2),
                    new Color(0xE69F00),
                    new Color(0xCC79A7),
                    new Color(0x56B4E9));

    private final String title;
    private final List<ConditionSummary> conditions;
    private final boolean classes;
    private final SortedMap<Double, String> ratios = new TreeMap<>();

    /**
     * @param title what the setting is called
     * @param conditions of one setting: they differ in method and ratio only
     * @throws IllegalArgumentException if they differ in more, or nothing was pruned
     */
    public RatioFigure(String title, List<ConditionSummary> conditions) {
        this.title = title;
        this.conditions = List.copyOf(conditions);
        if (conditions.stream().map(c -> c.key().setting()).distinct().count() != 1) {
            throw new IllegalArgumentException("a figure shows one setting");
        }
        if (conditions.stream().allMatch(c -> c.key().isControl() || c.completed() == 0)) {
            throw new IllegalArgumentException("nothing was pruned, so there is nothing to draw");
        }
        classes = conditions.get(0).key().task().equals("classification");
        conditions.stream()
                .filter(c -> !c.key().isControl())
                .forEach(c -> ratios.put(removed(c), label(c)));
    }

    /** Writes both panels side by side as one PNG. */
    public void writePng(OutputStream out) throws IOException {
        CategoryChart pruned =
                panel("just pruned", ConditionSummary::pruned, control(ConditionSummary::dense));
        pruned.getStyler().setLegendVisible(false);
        CategoryChart tuned =
                panel(
                        FINE_TUNED,
                        ConditionSummary::fineTuned,
                        control(ConditionSummary::fineTuned));
        BitmapEncoder.saveBitmap(List.of(pruned, tuned), 1, 2, out, BitmapEncoder.BitmapFormat.PNG);
    }

    private Optional<MeanInterval> control(
            Function<ConditionSummary, Optional<MeanInterval>> value) {
        return conditions.stream().filter(c -> c.key().isControl()).findFirst().flatMap(value);
    }

    private CategoryChart panel(
            String what,
            Function<ConditionSummary, Optional<MeanInterval>> value,
            Optional<MeanInterval> reference) {
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title + ": " + what)
                        .xAxisTitle("pruned")
                        .yAxisTitle(classes ? "test accuracy, %" : "test loss")
                        .build();
        style(chart);
        reference.ifPresent(line -> addReference(chart, line));
        int colour = 0;
        for (Map.Entry<String, List<ConditionSummary>> method : byMethod().entrySet()) {
            addMethod(chart, method.getKey(), method.getValue(), value, colour++);
        }
        return chart;
    }

    private void style(CategoryChart chart) {
        CategoryStyler styler = chart.getStyler();
        styler.setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        styler.setErrorBarsColorSeriesColor(true);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(LIGHT);
        if (classes) {
            styler.setYAxisDecimalPattern("0");
        } else {
            chart.setCustomYAxisTickLabelsFormatter(y -> Text.of("%.1e", Math.pow(10, y - LIFT)));
            styler.setYAxisMin(lowest() - 0.1);
        }
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(titleFont());
        styler.setOverlapped(true);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
    }

    /** As large as the longer title of the two panels allows, so that both are alike. */
    private Font titleFont() {
        int length = title.length() + 2 + FINE_TUNED.length();
        int size = LARGEST_TITLE * TITLE_FITS / Math.max(TITLE_FITS, length);
        return new Font(Font.SANS_SERIF, Font.BOLD, Math.max(SMALLEST_TITLE, size));
    }

    private void addReference(CategoryChart chart, MeanInterval line) {
        double level = scaled(line.mean());
        CategorySeries series =
                chart.addSeries(
                        "not pruned",
                        List.copyOf(ratios.values()),
                        Collections.nCopies(ratios.size(), level));
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(Color.GRAY);
        series.setLineStyle(
                new BasicStroke(
                        1.5f,
                        BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_MITER,
                        10,
                        new float[] {6, 4},
                        0));
    }

    private void addMethod(
            CategoryChart chart,
            String name,
            List<ConditionSummary> points,
            Function<ConditionSummary, Optional<MeanInterval>> value,
            int colour) {
        Map<Double, MeanInterval> measured = new HashMap<>();
        points.forEach(p -> value.apply(p).ifPresent(v -> measured.put(removed(p), v)));
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        for (double ratio : ratios.keySet()) {
            MeanInterval at = measured.get(ratio);
            means.add(at == null ? null : (Double) scaled(at.mean()));
            deviations.add(at == null || at.n() < 2 ? 0 : bar(at));
        }
        CategorySeries series =
                chart.addSeries(name, List.copyOf(ratios.values()), means, deviations);
        Color drawn = COLOURS.get(colour % COLOURS.size());
        series.setLineColor(drawn);
        series.setMarkerColor(drawn);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setLineStyle(new BasicStroke(2f));
    }

    /** One standard deviation; of a logarithm to first order, {@code s / (mean ln 10)}. */
    private double bar(MeanInterval value) {
        return classes
                ? 100 * value.standardDeviation()
                : value.standardDeviation() / value.mean() / Math.log(10);
    }

    private Map<String, List<ConditionSummary>> byMethod() {
        Map<String, List<ConditionSummary>> methods = new LinkedHashMap<>();
        for (ConditionSummary condition : conditions) {
            if (!condition.key().isControl()) {
                methods.computeIfAbsent(name(condition.key()), k -> new ArrayList<>())
                        .add(condition);
            }
        }
        return methods;
    }

    /** The method, with its settings where one method comes with several. */
    private String name(ConditionSummary.Key key) {
        long settings =
                conditions.stream()
                        .map(ConditionSummary::key)
                        .filter(k -> k.method().equals(key.method()))
                        .map(ConditionSummary.Key::methodSettings)
                        .distinct()
                        .count();
        return settings > 1
                ? key.method() + " " + key.methodSettings().replaceAll("[{}\"]", "")
                : key.method();
    }

    /** The lowest point of either panel. */
    private double lowest() {
        return conditions.stream()
                .flatMap(c -> Stream.of(c.dense(), c.pruned(), c.fineTuned()))
                .flatMap(Optional::stream)
                .mapToDouble(v -> scaled(v.mean()) - (v.n() < 2 ? 0 : bar(v)))
                .min()
                .orElseThrow();
    }

    /** Percent of an accuracy; lifted logarithm of a loss, whose axis shows the loss again. */
    private double scaled(double value) {
        return classes ? 100 * value : Math.log10(value) + LIFT;
    }

    /** Rises with the ratio, however it is written. */
    private static double removed(ConditionSummary condition) {
        double ratio = condition.key().ratio();
        return switch (condition.key().ratioKind()) {
            case "density" -> 1 - ratio;
            case "compression" -> 1 - 1 / ratio;
            default -> ratio;
        };
    }

    private static String label(ConditionSummary condition) {
        String value = Decimal.text(BigDecimal.valueOf(condition.key().ratio()));
        return switch (condition.key().ratioKind()) {
            case "density" -> "density " + value;
            case "compression" -> value + "x";
            default -> value;
        };
    }
}
