// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.espalier.driver.analyze.ShownTable;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.Caveat;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.Column;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.analysis.Question;
import org.espalier.experiments.analysis.Table;
import org.espalier.experiments.figures.Figure;
import org.espalier.results.text.Text;

/**
 * One page of HTML for results: question by question what the rows say, figures, tables, how it was
 * computed and what a reader must know; then failures, cost, provenance and the sweep files. It
 * holds all that it shows and asks no network; its content-security policy allows its own two
 * scripts alone.
 */
public final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ECHARTS =
            "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    private static final int MOST_FAILURES = 50;
    private static final int MOST_LINES = 2000;

    private final Population population;
    private final AnalysisOptions options;
    private final List<Answer> answers;
    private final Map<Question, List<Figure>> figures;
    private final About about;

    /**
     * What the page says of where results come from.
     *
     * @param version of Espalier that makes the page
     * @param day it is made
     * @param sweeps sweep files by folder
     * @param provenance what made the rows: by text, how many cells
     */
    public record About(
            String version,
            LocalDate day,
            Map<String, String> sweeps,
            Map<String, Long> provenance) {
        public About {
            sweeps = new LinkedHashMap<>(sweeps);
            provenance = new LinkedHashMap<>(provenance);
        }
    }

    /**
     * @param figures by question
     */
    public Report(
            Population population,
            AnalysisOptions options,
            List<Answer> answers,
            Map<Question, List<Figure>> figures,
            About about) {
        this.population = population;
        this.options = options;
        this.answers = List.copyOf(answers);
        this.figures = Map.copyOf(figures);
        this.about = about;
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The page. */
    public String html() {
        String library = resource(ECHARTS);
        String script = resource("report.js");
        Html html = new Html();
        html.raw("<!DOCTYPE html>").raw("<html lang=\"en\">").raw("<head>");
        html.raw("<meta charset=\"utf-8\">");
        html.raw(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
                        + Html.hash(library)
                        + " "
                        + Html.hash(script)
                        + "; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.element("title", title());
        html.raw("<style>")
                .raw(resource("report.css"))
                .raw("</style>")
                .raw("</head>")
                .raw("<body>");
        html.raw("<a class=\"skip\" href=\"#main\">Skip to the results</a>");
        header(html);
        html.raw("<main id=\"main\">");
        answers.forEach(a -> section(html, a));
        published(html);
        failures(html);
        cost(html);
        provenance(html);
        citing(html);
        html.raw("</main>");
        html.raw(
                "<script type=\"application/json\" id=\"figures\">"
                        + Html.inScript(data())
                        + "</script>");
        html.raw("<script>" + library + "</script>");
        html.raw("<script>" + script + "</script>");
        html.raw("</body>").raw("</html>");
        return html.toString();
    }

    private String title() {
        return "Pruning results: " + String.join(", ", about.sweeps().keySet());
    }

    private void header(Html html) {
        long failed = population.cells().stream().filter(c -> !c.completed()).count();
        long seeds = population.cells().stream().mapToLong(CellResult::seed).distinct().count();
        html.raw("<header>").element("h1", title());
        html.element(
                "p",
                "class=\"soft\"",
                Text.of(
                        "%d cells, %d failed, %d seeds. Intervals are at %s, tests at %s. Made by Espalier %s on %s.",
                        population.cells().size(),
                        failed,
                        seeds,
                        percent(options.level()),
                        BigDecimal.ONE
                                .subtract(new BigDecimal(String.valueOf(options.level())))
                                .stripTrailingZeros()
                                .toPlainString(),
                        about.version(),
                        about.day()));
        html.raw(
                "<noscript><p>Figures need JavaScript; every number is in the tables.</p></noscript>");
        html.raw("<nav aria-label=\"Contents\"><ul>");
        for (Answer a : answers) {
            html.raw(
                    "<li><a href=\"#"
                            + a.question().word()
                            + "\">"
                            + Html.escaped(a.question().text())
                            + "</a></li>");
        }
        html.raw("<li><a href=\"#failures\">What failed</a></li>")
                .raw("<li><a href=\"#cost\">What it cost</a></li>")
                .raw("<li><a href=\"#provenance\">Where it comes from</a></li>")
                .raw("<li><a href=\"#citing\">Citing</a></li>")
                .raw("</ul></nav></header>");
    }

    /** {@code 99 %}. */
    static String percent(double level) {
        return new BigDecimal(String.valueOf(level))
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }

    private void section(Html html, Answer answer) {
        String word = answer.question().word();
        html.raw("<section aria-labelledby=\"" + word + "\">");
        html.element("h2", "id=\"" + word + "\"", answer.question().text());
        if (answer.readings().isEmpty()) {
            html.element("p", "The rows decide nothing here; the tables say what they are.");
        } else {
            html.element("h3", "What the rows say");
            list(html, answer.readings());
        }
        for (Figure figure : figures.getOrDefault(answer.question(), List.of())) {
            html.raw("<figure>");
            html.raw(
                    "<div class=\"chart\" role=\"img\" id=\"chart-"
                            + figure.id()
                            + "\" aria-label=\""
                            + Html.escaped(figure.title())
                            + "\"></div>");
            html.element("figcaption", figure.title() + ". " + figure.caption());
            html.raw(
                    "<button type=\"button\" id=\"save-"
                            + figure.id()
                            + "\" aria-label=\"Save figure as SVG: "
                            + Html.escaped(figure.title())
                            + "\">Save as SVG</button>");
            html.raw("</figure>");
        }
        List<Table> main = new ArrayList<>();
        List<Table> others = new ArrayList<>();
        for (Table t : answer.tables()) {
            if (!t.lines().isEmpty()) {
                (t.id().equals(answer.question().main().get(0)) ? main : others).add(t);
            }
        }
        main.forEach(t -> table(html, t));
        html.element("h3", "What to know");
        list(html, answer.caveats().stream().map(Caveat::sentence).toList());
        html.element("h3", "How it was computed");
        list(html, answer.computed());
        if (!answer.families().isEmpty()) {
            list(
                    html,
                    answer.families().entrySet().stream()
                            .map(
                                    e ->
                                            Text.of(
                                                    "Corrected together (Holm; Benjamini and Hochberg in the files): %s, %d tests",
                                                    e.getKey(), e.getValue()))
                            .toList());
        }
        for (Table t : others) {
            html.raw("<details><summary>" + Html.escaped(t.title()) + "</summary>");
            table(html, t);
            html.raw("</details>");
        }
        html.raw("</section>");
    }

    private static void list(Html html, Collection<String> sentences) {
        html.raw("<ul>");
        sentences.forEach(s -> html.element("li", s));
        html.raw("</ul>");
    }

    private static void table(Html html, Table table) {
        for (Table part : table.byFirstKey()) {
            ShownTable seen = ShownTable.of(part);
            String common =
                    seen.common().entrySet().stream()
                            .map(e -> e.getKey() + " " + e.getValue())
                            .collect(Collectors.joining("; "));
            String caption = table.title() + (common.isEmpty() ? "" : " — " + common);
            html.raw(
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
                            + Html.escaped(caption)
                            + "\">");
            html.raw("<table>").element("caption", caption).raw("<thead><tr>");
            for (int c = 0; c < seen.header().size(); c++) {
                String name = seen.header().get(c);
                String meaning =
                        table.columns().stream()
                                .filter(k -> k.name().equals(name))
                                .map(Column::meaning)
                                .findFirst()
                                .orElse("");
                html.element(
                        "th",
                        "scope=\"col\""
                                + (c < seen.keys() ? " class=\"k\"" : "")
                                + " title=\""
                                + Html.escaped(meaning)
                                + "\"",
                        name.replace('_', ' '));
            }
            html.raw("</tr></thead><tbody>");
            seen.lines().stream().limit(MOST_LINES).forEach(line -> row(html, line, seen.keys()));
            html.raw("</tbody></table></div>");
            if (seen.lines().size() > MOST_LINES) {
                html.element(
                        "p",
                        "class=\"soft\"",
                        Text.of(
                                "%d lines more: espalier analyze --format csv writes them all.",
                                seen.lines().size() - MOST_LINES));
            }
        }
    }

    private static void row(Html html, List<String> line, int keys) {
        html.raw("<tr>");
        for (int c = 0; c < line.size(); c++) {
            html.element("td", c < keys ? "class=\"k\"" : "", line.get(c));
        }
        html.raw("</tr>");
    }

    private static void plainTable(
            Html html, String caption, List<String> header, List<List<String>> lines) {
        html.raw(
                "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\""
                        + Html.escaped(caption)
                        + "\"><table>");
        html.element("caption", caption).raw("<thead><tr>");
        header.forEach(h -> html.element("th", "scope=\"col\" class=\"k\"", h));
        html.raw("</tr></thead><tbody>");
        lines.forEach(l -> row(html, l, l.size()));
        html.raw("</tbody></table></div>");
    }

    private void published(Html html) {
        answers.stream()
                .filter(a -> a.question() == Question.RECALL)
                .filter(a -> options.by().equals(AnalysisOptions.DEFAULT.by()))
                .map(Published::beside)
                .filter(b -> !b.isEmpty())
                .forEach(
                        besides -> {
                            html.raw("<section aria-labelledby=\"published\">");
                            html.element(
                                    "h2", "id=\"published\"", "Published numbers beside these");
                            html.element(
                                    "p",
                                    "The recipes differ: epochs, initialisation, data augmentation and what counts as prunable are the papers' own. Values read off a figure carry their reading error.");
                            plainTable(
                                    html,
                                    "Published numbers beside these",
                                    List.of("what", "published", "here", "source"),
                                    besides.stream()
                                            .map(
                                                    b ->
                                                            List.of(
                                                                    b.what(),
                                                                    b.published(),
                                                                    b.ours(),
                                                                    b.source()))
                                            .toList());
                            html.raw("</section>");
                        });
    }

    private void failures(Html html) {
        html.element("h2", "id=\"failures\"", "What failed");
        Map<String, List<CellResult>> causes = new TreeMap<>();
        population.cells().stream()
                .filter(c -> !c.completed())
                .forEach(
                        c ->
                                causes.computeIfAbsent(
                                                c.failure() + ": " + c.message(),
                                                k -> new ArrayList<>())
                                        .add(c));
        if (causes.isEmpty()) {
            html.element("p", "No cell failed.");
            return;
        }
        plainTable(
                html,
                "Failed cells by cause; they are in no mean",
                List.of("cells", "cause", "where"),
                causes.entrySet().stream()
                        .limit(MOST_FAILURES)
                        .map(
                                e ->
                                        List.of(
                                                String.valueOf(e.getValue().size()),
                                                e.getKey(),
                                                e.getValue().stream()
                                                        .sorted(
                                                                Comparator.comparingLong(
                                                                        CellResult::seed))
                                                        .map(
                                                                c ->
                                                                        population.methodName(c)
                                                                                + ", seed "
                                                                                + c.seed())
                                                        .distinct()
                                                        .limit(5)
                                                        .collect(Collectors.joining("; "))))
                        .toList());
        if (causes.size() > MOST_FAILURES) {
            html.element("p", Text.of("and %d more causes", causes.size() - MOST_FAILURES));
        }
    }

    private void cost(Html html) {
        html.element("h2", "id=\"cost\"", "What it cost");
        double cells = 0;
        Map<String, Double> trunks = new TreeMap<>();
        double unshared = 0;
        for (CellResult c : population.cells()) {
            if (Double.isFinite(c.seconds())) {
                cells += c.seconds();
            }
            if (Double.isFinite(c.trunkSeconds()) && !c.trunk().isEmpty()) {
                trunks.merge(c.trunk(), c.trunkSeconds(), Math::max);
                unshared += c.trunkSeconds();
            }
        }
        double dense = trunks.values().stream().mapToDouble(d -> d).sum();
        html.element(
                "p",
                Text.of(
                        "%d dense networks took %s, the %d cells %s of one slot each; with a dense training for every cell it would have been %s.",
                        trunks.size(),
                        duration(dense),
                        population.cells().size(),
                        duration(cells),
                        duration(cells + unshared)));
    }

    private static String duration(double seconds) {
        if (seconds < 120) {
            return Text.of("%.0f s", seconds);
        }
        return seconds < 7200
                ? Text.of("%.0f minutes", seconds / 60)
                : Text.of("%.1f hours", seconds / 3600);
    }

    private void provenance(Html html) {
        html.element("h2", "id=\"provenance\"", "Where it comes from");
        plainTable(
                html,
                "What computed the rows",
                List.of("cells", "by"),
                about.provenance().entrySet().stream()
                        .map(e -> List.of(String.valueOf(e.getValue()), e.getKey()))
                        .toList());
        TreeSet<String> data =
                population.cells().stream()
                        .map(
                                c ->
                                        Text.of(
                                                "%s, fingerprint %s, arithmetic %s, science %s",
                                                c.condition().dataset(),
                                                c.condition().fingerprint(),
                                                c.condition().numerics(),
                                                c.condition().science().isEmpty()
                                                        ? "1"
                                                        : c.condition().science()))
                        .collect(Collectors.toCollection(TreeSet::new));
        list(html, data);
        about.sweeps()
                .forEach(
                        (folder, sweep) -> {
                            html.raw(
                                    "<details><summary>Sweep file of "
                                            + Html.escaped(folder)
                                            + "</summary>");
                            html.element("pre", "tabindex=\"0\"", sweep);
                            html.raw("</details>");
                        });
    }

    private void citing(Html html) {
        html.element("h2", "id=\"citing\"", "Citing");
        html.element("h3", "A paragraph for the methods section");
        html.element(
                "pre",
                "tabindex=\"0\"",
                Citations.paragraph(population, options, answers, about.version()));
        html.element("h3", "BibTeX");
        html.element("pre", "tabindex=\"0\"", Citations.bibtex(answers));
    }

    private String data() {
        List<Object> all = new ArrayList<>();
        for (Answer a : answers) {
            figures.getOrDefault(a.question(), List.of()).forEach(f -> all.add(document(f)));
        }
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object document(Figure figure) {
        return Map.of(
                "id",
                figure.id(),
                "title",
                figure.title(),
                "caption",
                figure.caption(),
                "panels",
                figure.panels().stream().map(Report::document).toList());
    }

    private static Object document(Figure.Panel panel) {
        return Map.of(
                "title",
                panel.title(),
                "x",
                document(panel.x()),
                "y",
                document(panel.y()),
                "references",
                panel.references().stream()
                        .map(r -> Map.of("name", r.name(), "y", r.y(), "stroke", r.stroke()))
                        .toList(),
                "lines",
                panel.lines().stream()
                        .map(
                                l ->
                                        Map.of(
                                                "name",
                                                l.name(),
                                                "colour",
                                                l.colour(),
                                                "stroke",
                                                l.stroke(),
                                                "mark",
                                                l.mark().name(),
                                                "points",
                                                l.points().stream().map(Report::document).toList()))
                        .toList());
    }

    private static Object document(Figure.Axis axis) {
        return Map.of("title", axis.title(), "scale", axis.scale().name(), "steps", axis.steps());
    }

    private static Object document(Figure.Point p) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("x", p.x());
        document.put("y", p.y());
        document.put("low", Double.isFinite(p.low()) ? p.low() : null);
        document.put("high", Double.isFinite(p.high()) ? p.high() : null);
        document.put("label", p.label());
        return document;
    }
}
