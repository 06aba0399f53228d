// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.espalier.experiments.statistics.ConditionSummary;
import org.espalier.experiments.statistics.MeanInterval;
import org.junit.jupiter.api.Test;

class RatioFigureTest {
    private static final int MAGNITUDE = 0xD55E00;
    private static final int RANDOM = 0x009E73;

    @Test
    void drawsEachMethodInItsColourInBothPanels() throws IOException {
        BufferedImage image =
                drawn(
                        condition("control", 0, 0.98),
                        condition("magnitude", 0.5, 0.95),
                        condition("magnitude", 0.9, 0.90),
                        condition("random", 0.5, 0.60),
                        condition("random", 0.9, 0.20));

        int middle = image.getWidth() / 2;
        for (int colour : new int[] {MAGNITUDE, RANDOM}) {
            assertThat(count(image, colour, 0, middle)).isGreaterThan(100);
            assertThat(count(image, colour, middle, image.getWidth())).isGreaterThan(100);
        }
    }

    @Test
    void drawsTheBetterMethodAboveTheWorse() throws IOException {
        BufferedImage image =
                drawn(
                        condition("magnitude", 0.5, 0.95),
                        condition("magnitude", 0.9, 0.90),
                        condition("random", 0.5, 0.60),
                        condition("random", 0.9, 0.20));

        int middle = image.getWidth() / 2;
        assertThat(meanRow(image, MAGNITUDE, middle)).isLessThan(meanRow(image, RANDOM, middle));
    }

    @Test
    void refusesSeveralSettings() {
        ConditionSummary other = condition("magnitude", 0.5, 0.9, "fashion-mnist");

        assertThatThrownBy(
                        () ->
                                RatioFigure.of(
                                        "f",
                                        "mlp-8 on blobs",
                                        List.of(condition("magnitude", 0.5, 0.9), other)))
                .hasMessage("a figure shows one setting");
    }

    @Test
    void refusesControlsAlone() {
        assertThatThrownBy(
                        () ->
                                RatioFigure.of(
                                        "f",
                                        "mlp-8 on blobs",
                                        List.of(condition("control", 0, 0.9))))
                .hasMessage("nothing was pruned, so there is nothing to draw");
    }

    private static BufferedImage drawn(ConditionSummary... conditions) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        FigureWriter.write(
                RatioFigure.of("f", "mlp-8 on blobs", List.of(conditions)),
                FigureWriter.Format.PNG,
                FigureWriter.Width.PAGE,
                png);
        return ImageIO.read(new ByteArrayInputStream(png.toByteArray()));
    }

    private static long count(BufferedImage image, int colour, int from, int to) {
        long count = 0;
        for (int x = from; x < to; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                count += (image.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
            }
        }
        return count;
    }

    private static double meanRow(BufferedImage image, int colour, int to) {
        double sum = 0;
        long count = 0;
        for (int x = 0; x < to; x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                if ((image.getRGB(x, y) & 0xffffff) == colour) {
                    sum += y;
                    count++;
                }
            }
        }
        return sum / count;
    }

    private static ConditionSummary condition(String method, double ratio, double accuracy) {
        return condition(method, ratio, accuracy, "mnist");
    }

    private static ConditionSummary condition(
            String method, double ratio, double accuracy, String dataset) {
        Optional<MeanInterval> value =
                Optional.of(
                        MeanInterval.of(
                                new double[] {accuracy - 0.01, accuracy, accuracy + 0.01}, 0.99));
        return new ConditionSummary(
                new ConditionSummary.Key(
                        "default",
                        "{}",
                        "one-shot",
                        "vector-1",
                        "",
                        "lenet-300-100",
                        dataset,
                        dataset + "-1",
                        0,
                        "classification",
                        method,
                        "{}",
                        method.equals("control") ? "fine-tuned" : "",
                        "pruning-ratio",
                        ratio),
                3,
                0,
                value,
                value,
                value,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
