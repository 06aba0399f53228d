// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.espalier.experiments.figures.Figure.Axis;
import org.espalier.experiments.figures.Figure.Line;
import org.espalier.experiments.figures.Figure.Mark;
import org.espalier.experiments.figures.Figure.Panel;
import org.espalier.experiments.figures.Figure.Point;
import org.espalier.experiments.figures.Figure.Reference;
import org.espalier.experiments.figures.Figure.Scale;
import org.espalier.experiments.figures.FigureWriter.Format;
import org.espalier.experiments.figures.FigureWriter.Width;
import org.espalier.results.text.Text;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Figures that are hard to draw. Nothing is cut at an edge, and every line is seen; the pictures
 * lie in target/figures to be looked at.
 */
class AwkwardFiguresTest {
    private static final String LONG =
            "elimination-compensation(samples=10000, target=large, moments=centred, scope=layer-wise)";

    static Stream<Figure> figures() {
        return Stream.of(
                figure("one-ratio", 3, List.of("0.9"), "m", Scale.LINEAR, i -> 0.9 + 0.01 * i),
                figure("one-method", 1, steps(6), "m", Scale.LINEAR, i -> 0.9 - 0.1 * i),
                figure("twenty-methods", 20, steps(6), "method ", Scale.LINEAR, i -> i / 26.0),
                figure("long-names", 4, steps(5), LONG + " ", Scale.LINEAR, i -> 0.5 + i / 20.0),
                figure("many-ratios", 2, steps(24), "m", Scale.LINEAR, i -> i),
                figure("equal-values", 3, steps(4), "m", Scale.LINEAR, i -> 0.1),
                figure("all-zero", 3, steps(4), "m", Scale.LINEAR, i -> 0),
                figure("losses", 3, steps(5), "m", Scale.LOG, i -> Math.pow(10, i - 4)),
                figure("huge", 2, steps(5), "m", Scale.LINEAR, i -> 1e9 * (i - 2)),
                figure("close", 2, steps(5), "m", Scale.LINEAR, i -> 0.97 + 1e-5 * i),
                panels(8));
    }

    private static List<String> steps(int n) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            steps.add("0." + (50 + 2 * i));
        }
        return steps;
    }

    private static Figure figure(
            String id,
            int methods,
            List<String> ratios,
            String name,
            Scale scale,
            IntToDoubleFunction value) {
        return new Figure(
                id,
                "Test accuracy, lenet-300-100 on fashion-mnist, noise 0.1",
                List.of(
                        panel("just after pruning", methods, ratios, name, scale, value),
                        panel("after fine-tuning", methods, ratios, name, scale, value)),
                "Mean over 3 to 10 seeds; bars: one standard deviation over seeds.");
    }

    private static Figure panels(int n) {
        List<Panel> panels = new ArrayList<>();
        for (int p = 0; p < n; p++) {
            int add = p;
            panels.add(
                    panel(
                            "lenet-300-100 on data set number " + p,
                            3,
                            steps(5),
                            "m",
                            Scale.LINEAR,
                            i -> i + add));
        }
        return new Figure("eight-variants", "Eight variants", panels, "One seed, no bars.");
    }

    private static Panel panel(
            String title,
            int methods,
            List<String> ratios,
            String name,
            Scale scale,
            IntToDoubleFunction value) {
        List<Line> lines = new ArrayList<>();
        for (int m = 0; m < methods; m++) {
            List<Point> points = new ArrayList<>();
            for (int r = 0; r < ratios.size(); r++) {
                double y = value.applyAsDouble(m + r);
                boolean bars = methods != 3; // one seed has none
                points.add(
                        new Point(
                                r,
                                y,
                                bars ? y - 0.02 * Math.abs(y) : Double.NaN,
                                bars ? y + 0.02 * Math.abs(y) : Double.NaN,
                                ""));
            }
            lines.add(new Line(name + m, m, 0, Mark.JOINED, points));
        }
        return new Panel(
                title,
                new Axis("fraction of weights pruned", Scale.STEPS, ratios),
                Axis.of(scale == Scale.LOG ? "test loss" : "test accuracy", scale),
                lines,
                List.of(new Reference("unpruned control", value.applyAsDouble(0), 0)));
    }

    @ParameterizedTest
    @MethodSource("figures")
    void isDrawnWholeInEveryFormat(Figure figure) throws Exception {
        Path folder = Files.createDirectories(Path.of("target/figures"));
        for (Width width : Width.values()) {
            for (Format format : Format.values()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                FigureWriter.write(figure, format, width, out);
                byte[] bytes = out.toByteArray();
                Files.write(
                        folder.resolve(
                                figure.id() + "-" + Text.word(width) + "." + Text.word(format)),
                        bytes);
                switch (format) {
                    case PNG -> seen(figure, width, bytes);
                    case SVG -> {
                        DocumentBuilderFactory parser = DocumentBuilderFactory.newInstance();
                        parser.setFeature(
                                "http://apache.org/xml/features/nonvalidating/load-external-dtd",
                                false);
                        assertThat(
                                        parser.newDocumentBuilder()
                                                .parse(new ByteArrayInputStream(bytes))
                                                .getDocumentElement()
                                                .getTagName())
                                .isEqualTo("svg");
                    }
                    case PDF -> {
                        try (PDDocument document = Loader.loadPDF(bytes)) {
                            assertThat(document.getNumberOfPages()).isEqualTo(1);
                        }
                    }
                }
            }
        }
    }

    private static void seen(Figure figure, Width width, byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        for (int x = 0; x < image.getWidth(); x++) {
            for (int edge : new int[] {0, 1, image.getHeight() - 2, image.getHeight() - 1}) {
                assertThat(image.getRGB(x, edge))
                        .as("%s %s: cut at %d, %d", figure.id(), width, x, edge)
                        .isEqualTo(-1);
            }
        }
        for (int y = 0; y < image.getHeight(); y++) {
            for (int edge : new int[] {0, 1, image.getWidth() - 2, image.getWidth() - 1}) {
                assertThat(image.getRGB(edge, y))
                        .as("%s %s: cut at %d, %d", figure.id(), width, edge, y)
                        .isEqualTo(-1);
            }
        }
    }
}
