// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
    private static final Shape DIGIT = new Shape(1, 28, 28);
    private static final Shape PICTURE = new Shape(3, 32, 32);

    /** 784 * 300 + 300, 300 * 100 + 100, 100 * 10 + 10: 235,500 + 30,100 + 1,010. */
    @Test
    void countsLeNet300100() {
        assertThat(count("lenet-300-100", DIGIT)).isEqualTo(266_610);
    }

    /**
     * 6 * 25 + 6 = 156; 16 * 6 * 25 + 16 = 2,416; (16 * 5 * 5) * 120 + 120 = 48,120; 120 * 84 + 84
     * = 10,164; 84 * 10 + 10 = 850.
     */
    @Test
    void countsLeNet5() {
        assertThat(count("lenet-5", DIGIT)).isEqualTo(61_706);
    }

    /**
     * 6 * 9 + 6 = 60; 16 * 6 * 9 + 16 = 880; 28 to 26 to 13 to 11 to 5 gives 400 inputs of the
     * first dense layer as in Good et al. 2022: 48,120; 10,164; 850.
     */
    @Test
    void countsLeNet3x3() {
        assertThat(count("lenet-3x3", DIGIT)).isEqualTo(60_074);
    }

    /**
     * Convolutions 1,792 + 36,928 + 73,856 + 147,584; 8 * 8 * 128 * 256 + 256 = 2,097,408; 65,792;
     * 2,570.
     */
    @Test
    void countsConv4() {
        assertThat(count("conv-4", PICTURE)).isEqualTo(2_425_930);
    }

    /**
     * Convolutions 432 + 6 * 2,304 + (4,608 + 5 * 9,216) + (18,432 + 5 * 36,864) = 267,696; scales
     * and shifts 2 * (7 * 16 + 6 * 32 + 6 * 64) = 1,376; dense 650.
     */
    @Test
    void countsResNet20() {
        assertThat(count("resnet-20", PICTURE)).isEqualTo(269_722);
    }

    /** 2 * 32 + 32 = 96; 32 * 32 + 32 = 1,056; 32 + 1 = 33. */
    @Test
    void countsASmallPerceptron() {
        Architecture tanh =
                Architectures.create("mlp-32-32-tanh", Shape.flat(2), 1, Loss.SQUARED_ERROR);

        assertThat(tanh.parameterCount()).isEqualTo(1_185);
        assertThat(names(tanh)).containsExactly("fc1", "tanh1", "fc2", "tanh2", "fc3");
        assertThat(tanh.loss()).isEqualTo(Loss.SQUARED_ERROR);
        assertThat(tanh.outputs()).isEqualTo(1);
    }

    /** Multiply-adds of He et al. 2015 for ResNet-20 at 32x32: 4.1e7. */
    @Test
    void costsWhatThePaperSays() {
        assertThat(create("resnet-20", PICTURE).multiplyAdds()).isBetween(40_000_000L, 41_500_000L);
        assertThat(create("lenet-300-100", DIGIT).multiplyAdds()).isEqualTo(266_200);
    }

    @Test
    void lenet300100IsTheSameNetworkAsItsPerceptron() {
        Architecture lenet = create("lenet-300-100", DIGIT);
        Architecture perceptron = create("mlp-300-100", DIGIT);

        assertThat(lenet.canonicalText()).isEqualTo(perceptron.canonicalText());
        assertThat(lenet.name()).isEqualTo("lenet-300-100");
        assertThat(names(lenet)).containsExactly("fc1", "relu1", "fc2", "relu2", "fc3");
    }

    @Test
    void layersAreCountedWithinTheirKind() {
        assertThat(names(create("lenet-5", DIGIT)))
                .containsExactly(
                        "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "fc1", "relu3", "fc2",
                        "relu4", "fc3");
        assertThat(names(create("conv-4", PICTURE)))
                .containsExactly(
                        "conv1", "relu1", "conv2", "relu2", "pool1", "conv3", "relu3", "conv4",
                        "relu4", "pool2", "fc1", "relu5", "fc2", "relu6", "fc3");
    }

    /** The first block of the second stage halves the image, on the body and on the shortcut. */
    @Test
    void residualBlocksJoinBodyAndShortcut() {
        Architecture resnet = create("resnet-20", PICTURE);

        assertThat(node(resnet, "add1").inputs()).containsExactly("bn3", "relu1");
        assertThat(node(resnet, "conv8").inputs()).containsExactly("relu7");
        assertThat(node(resnet, "shortcut1").inputs()).containsExactly("relu7");
        assertThat(node(resnet, "shortcut1").layer()).isEqualTo(new Layer.Shortcut(32, 2));
        assertThat(node(resnet, "add4").inputs()).containsExactly("bn9", "shortcut1");
        assertThat(node(resnet, "add5").inputs()).containsExactly("bn11", "relu9");
        assertThat(resnet.shapes().get("add4")).isEqualTo(new Shape(32, 16, 16));
        assertThat(resnet.shapes().get("add9")).isEqualTo(new Shape(64, 8, 8));
        assertThat(resnet.shapes().get("pool1")).isEqualTo(Shape.flat(64));
        assertThat(names(resnet)).contains("conv19", "bn19", "relu19", "fc1").doesNotContain("fc2");
        assertThat(resnet.weights()).hasSize(20);
    }

    /** 28 to 14 to 7, and 27 to 14 to 7. */
    @ParameterizedTest
    @ValueSource(ints = {28, 27})
    void resnetTakesTheMeanOverWhateverImageIsLeft(int extent) {
        Architecture resnet = create("resnet-20", new Shape(1, extent, extent));

        assertThat(resnet.shapes().get("pool1")).isEqualTo(Shape.flat(64));
        assertThat(node(resnet, "pool1").layer()).isEqualTo(new Layer.AveragePool(7, 7));
    }

    @Test
    void everyNamedNetworkOfTheListCanBeMade() {
        for (Architectures.Entry entry : Architectures.list()) {
            String name = entry.name().replace("<widths>", "20-10");

            assertThat(Architectures.problem(name)).isEmpty();
            assertThat(create(name, PICTURE).outputs()).isEqualTo(10);
            assertThat(create(name, PICTURE).name()).isEqualTo(name);
            assertThat(entry.summary()).isNotBlank().hasSizeLessThan(90);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lenet5, lenet-5",
        "lenet300-100, lenet-300-100",
        "resnet20, resnet-20",
        "conv4, conv-4",
        "mpl-300-100, mlp-300-100",
        "MLP-32-tanh, mlp-32-tanh",
    })
    void namesTheNearestNetwork(String name, String meant) {
        assertThat(Architectures.problem(name))
                .hasValue(
                        Text.of(
                                        "unknown \"%s\"; did you mean \"%s\"? known: mlp-<widths>,",
                                        name, meant)
                                + " mlp-<widths>-tanh, lenet-300-100, lenet-5, lenet-3x3, conv-4,"
                                + " resnet-20");
    }

    @Test
    void namesAllNetworksWhereNoneIsNear() {
        assertThat(Architectures.problem("transformer").orElseThrow())
                .startsWith("unknown \"transformer\"; known: mlp-<widths>, ");
        assertThat(Architectures.problem("")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mlp",
                "mlp-",
                "mlp-0",
                "mlp-03",
                "mlp-65537",
                "mlp-123456",
                "mlp-300-",
                "mlp--300",
                "mlp-300-relu",
                "mlp-tanh",
                "mlp-10-tanh-tanh"
            })
    void saysHowAPerceptronIsNamed(String name) {
        assertThat(Architectures.problem(name))
                .hasValue(
                        Text.of(
                                        "\"%s\" is no mlp-<widths>: expected 1 to 32 widths from 1 to 65536, then",
                                        name)
                                + " nothing or -tanh, e.g. mlp-300-100 or mlp-32-32-tanh");
        assertThatThrownBy(() -> create(name, DIGIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(Architectures.problem(name).orElseThrow());
    }

    @Test
    void limitsWidthAndDepth() {
        assertThat(Architectures.problem("mlp-65536")).isEmpty();
        assertThat(Architectures.problem("mlp" + "-9".repeat(32))).isEmpty();
        assertThat(Architectures.problem("mlp" + "-9".repeat(33))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "lenet-5, 784x1x1, it needs an image with rows and columns",
        "lenet-3x3, 2x1x1, it needs an image with rows and columns",
        "resnet-20, 3x1x9, it needs an image with rows and columns",
        "conv-4, 3x9x1, it needs an image with rows and columns",
        "resnet-20, 3x32x30, it needs a square image",
        "conv-4, 3x3x3, layer pool2: a window of 2 does not fit into 1",
        "lenet-3x3, 1x6x6, layer conv2: a window of 3 does not fit into 2",
    })
    void saysWhyAnInputDoesNotFit(String name, String input, String why) {
        String[] extents = input.split("x");
        Shape shape =
                new Shape(
                        Integer.parseInt(extents[0]),
                        Integer.parseInt(extents[1]),
                        Integer.parseInt(extents[2]));

        assertThatThrownBy(() -> create(name, shape))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        Text.of(
                                "%s does not fit inputs of %s and 10 outputs: %s",
                                name, input, why));
    }

    @Test
    void refusesANetworkWithoutOutputs() {
        assertThatThrownBy(
                        () -> Architectures.create("mlp-3", DIGIT, 0, Loss.SOFTMAX_CROSS_ENTROPY))
                .hasMessage(
                        "mlp-3 does not fit inputs of 1x28x28 and 0 outputs: outputs must be at"
                                + " least 1, got 0");
    }

    private static long count(String name, Shape input) {
        return create(name, input).parameterCount();
    }

    private static Architecture create(String name, Shape input) {
        return Architectures.create(name, input, 10, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static List<String> names(Architecture architecture) {
        return architecture.nodes().stream().map(Architecture.Node::name).toList();
    }

    private static Architecture.Node node(Architecture architecture, String name) {
        return architecture.nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
