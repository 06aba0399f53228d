// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.driver.AnalysedSweep;
import org.espalier.driver.AnalysedSweep.Said;
import org.espalier.driver.spark.SparkCluster;
import org.espalier.driver.spark.StoredCells;
import org.espalier.experiments.analysis.Analysis;
import org.espalier.experiments.analysis.AnalysisOptions;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.AnswerFigures;
import org.espalier.experiments.analysis.CellResult;
import org.espalier.experiments.analysis.Population;
import org.espalier.experiments.analysis.Question;
import org.espalier.experiments.figures.Figure;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a sweep that was really run, as text and in a browser without a network. */
class ReportTest {
    private static final String EVIL = "</script><img src=x onerror=alert(1)><b id=evil>";
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"figures\">(.*?)</script>");

    @TempDir private static Path folder;
    private static AnalysedSweep sweep;
    private static Path page;

    @BeforeAll
    static void write() throws IOException {
        sweep = AnalysedSweep.run(folder);
        page = folder.resolve("report.html");
        Said said = sweep.espalier("report", sweep.out(), "--out", page.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).isEqualTo("wrote " + page + System.lineSeparator());
    }

    @Test
    void saysWhatRowsSay() throws IOException {
        String html = Files.readString(page).replaceAll("(?s)<script>.*?</script>", "");
        for (Question question : Question.values()) {
            assertThat(html).contains("id=\"" + question.word() + "\"");
        }
        assertThat(html)
                .contains(
                        "67 cells, 2 failed, 5 seeds",
                        "What failed",
                        "undecayed, seed 1; undecayed, seed 2",
                        "What it cost",
                        "record: predictions", // the sweep file
                        "@inproceedings{good2022recall",
                        "We ran 67 experiments")
                .doesNotContain("http://www.", "src=\"http", "href=\"http");
    }

    @Test
    void namesItsOwnScriptsAlone() throws IOException {
        String html = Files.readString(page);
        Matcher scripts = Pattern.compile("(?s)<script>(.*?)</script>").matcher(html);
        List<String> hashes = new ArrayList<>();
        while (scripts.find()) {
            hashes.add(Html.hash(scripts.group(1)));
        }
        assertThat(hashes).hasSize(2);
        assertThat(html)
                .contains("default-src 'none'; script-src " + String.join(" ", hashes) + ";")
                .doesNotContain("unsafe-eval");
    }

    private static String planted() throws IOException {
        List<CellResult> cells = new ArrayList<>();
        try (SparkCluster cluster = SparkCluster.start("test", "local[2]", Map.of())) {
            for (CellResult c :
                    new StoredCells(cluster.sql(), new Configuration())
                            .read(sweep.out(), StoredCells.Detail.PREDICTIONS)) {
                cells.add(c.completed() ? c : failed(c));
            }
        }
        Population population = Population.of(cells);
        List<Answer> answers =
                Analysis.of(population, AnalysisOptions.DEFAULT, EnumSet.of(Question.METHODS));
        Map<Question, List<Figure>> figures = new EnumMap<>(Question.class);
        List<Figure> drawn = new ArrayList<>();
        for (Figure f : AnswerFigures.of(answers.get(0), population, AnalysisOptions.DEFAULT)) {
            drawn.add(new Figure(f.id(), EVIL, f.panels(), EVIL));
        }
        figures.put(Question.METHODS, drawn);
        return new Report(
                        population,
                        AnalysisOptions.DEFAULT,
                        answers,
                        figures,
                        new Report.About(
                                "0",
                                LocalDate.EPOCH,
                                Map.of(EVIL, "name: " + EVIL),
                                Map.of(EVIL, 1L)))
                .html();
    }

    private static CellResult failed(CellResult c) {
        return new CellResult(
                c.folder(),
                c.cellId(),
                c.condition(),
                c.seed(),
                c.trunk(),
                c.weights(),
                c.level(),
                c.failure(),
                EVIL,
                c.dense(),
                c.pruned(),
                c.fineTuned(),
                c.instabilities(),
                c.prunings(),
                c.selected(),
                c.bestOnTest(),
                c.seconds(),
                c.trunkSeconds());
    }

    @Test
    void markupOfOthersIsText() throws IOException {
        String html = planted();
        assertThat(html)
                .doesNotContain(EVIL, "<b id=evil")
                .contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;");
        assertThat(Pattern.compile("</script").matcher(html).results().count()).isEqualTo(3);
    }

    @Test
    @Timeout(180)
    void opensInABrowserWithoutNetwork() throws Exception {
        Browser browser = Browser.find(folder);
        String html = Files.readString(page);
        Matcher data = DATA.matcher(html);
        assertThat(data.find()).isTrue();
        JsonNode figures = new ObjectMapper().readTree(data.group(1));
        assertThat(figures.size()).isGreaterThanOrEqualTo(8);

        Browser.Seen seen = browser.open(page);

        assertThat(seen.console()).isEmpty();
        assertThat(seen.dom()).contains("data-charts=\"" + figures.size() + "\"");
        for (JsonNode figure : figures) {
            int from = seen.dom().indexOf("id=\"chart-" + figure.get("id").asText() + "\"");
            int to = seen.dom().indexOf("</figure>", from);
            assertThat(from).isPositive();
            long points = 0;
            for (JsonNode panel : figure.get("panels")) {
                for (JsonNode line : panel.get("lines")) {
                    points += line.get("points").size();
                }
            }
            long paths =
                    Pattern.compile("<path")
                            .matcher(seen.dom().substring(from, to))
                            .results()
                            .count();
            assertThat(points).as(figure.get("id").asText()).isPositive();
            assertThat(paths).as(figure.get("id").asText()).isGreaterThanOrEqualTo(points);
        }
    }

    @Test
    @Timeout(180)
    void markupOfOthersIsTextInTheBrowserToo() throws Exception {
        Browser browser = Browser.find(folder);
        Path evil = Files.writeString(folder.resolve("evil.html"), planted());

        Browser.Seen seen = browser.open(evil);

        assertThat(seen.console()).isEmpty();
        assertThat(seen.dom()).contains("data-charts=\"1\"").doesNotContain("<b id=\"evil\"");
    }

    /** Axe (Deque) on the page, light and dark: contrast, names, order of headings, tables. */
    @Test
    @Timeout(240)
    void axeFindsNothingWrong() throws Exception {
        Browser browser = Browser.find(folder);
        String axe = resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");
        String html =
                Files.readString(page)
                        .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
        int end = html.lastIndexOf("</body>");
        html =
                html.substring(0, end)
                        + "<script>"
                        + axe
                        + "</script><script>axe.run(document).then(function (r) {"
                        + " document.documentElement.setAttribute('data-axe', r.violations.length + ' violations, ' + r.passes.length + ' passes: '"
                        + " + r.violations.map(function (v) { return v.id + ' ' + v.nodes[0].html.slice(0, 120); }).join('; ')); });</script>"
                        + html.substring(end);
        Path probed = Files.writeString(folder.resolve("axe.html"), html);
        for (List<String> options :
                List.of(List.<String>of(), List.of("--blink-settings=preferredColorScheme=0"))) {
            Browser.Seen seen = browser.open(probed, options);
            Matcher found = Pattern.compile("data-axe=\"([^\"]*)\"").matcher(seen.dom());
            assertThat(found.find()).as("axe ran").isTrue();
            assertThat(found.group(1)).matches("0 violations, [1-9][0-9]* passes: ");
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Debian's chromium, without a network. */
    private record Browser(String program, Path folder) {

        /** What was there after the page had run. */
        private record Seen(String dom, List<String> console) {}

        static Browser find(Path folder) {
            String program =
                    Stream.of("chromium", "chromium-browser", "google-chrome")
                            .flatMap(
                                    name ->
                                            Stream.of(System.getenv("PATH").split(":"))
                                                    .map(p -> Path.of(p, name)))
                            .filter(Files::isExecutable)
                            .map(Path::toString)
                            .findFirst()
                            .orElse("");
            assumeTrue(!program.isEmpty(), "no chromium on the PATH: the page is not opened");
            return new Browser(program, folder);
        }

        Seen open(Path html) throws Exception {
            return open(html, List.of());
        }

        Seen open(Path html, List<String> options) throws Exception {
            Path dom = Files.createTempFile(folder, "dom", ".html");
            Path err = Files.createTempFile(folder, "console", ".txt");
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    program,
                                    "--headless=new",
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-dev-shm-usage",
                                    "--window-size=1200,900",
                                    "--user-data-dir="
                                            + Files.createTempDirectory(folder, "profile"),
                                    "--host-resolver-rules=MAP * ~NOTFOUND",
                                    "--enable-logging=stderr",
                                    "--virtual-time-budget=20000"));
            command.addAll(options);
            command.add("--dump-dom");
            command.add(html.toUri().toString());
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(dom.toFile())
                            .redirectError(err.toFile())
                            .start();
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return new Seen(
                    Files.readString(dom),
                    Files.readAllLines(err, StandardCharsets.ISO_8859_1).stream()
                            .filter(l -> l.contains("CONSOLE"))
                            .toList());
        }
    }
}
