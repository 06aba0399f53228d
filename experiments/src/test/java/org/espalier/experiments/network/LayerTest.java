// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerTest {
    private static final Shape PICTURE = new Shape(3, 32, 30);

    @Test
    void aDenseLayerReadsAnImageFlat() {
        Layer dense = new Layer.Dense(10);

        assertThat(dense.output(List.of(PICTURE))).isEqualTo(Shape.flat(10));
        assertThat(dense.multiplyAdds(PICTURE)).isEqualTo(10 * 2880);
        assertThat(described(dense)).containsExactly("x.weight[10, 2880]", "x.bias[10]");
    }

    /** (extent + 2 padding - kernel) / stride + 1, rounded down. */
    @ParameterizedTest
    @CsvSource({
        "5, 1, 2, 32, 30",
        "3, 1, 0, 30, 28",
        "3, 2, 1, 16, 15",
        "3, 3, 0, 10, 10",
        "1, 2, 0, 16, 15",
        "30, 1, 0, 3, 1",
    })
    void aConvolutionSlidesItsKernel(int kernel, int stride, int padding, int height, int width) {
        Layer convolution = new Layer.Convolution(4, kernel, stride, padding, true);

        assertThat(convolution.output(List.of(PICTURE))).isEqualTo(new Shape(4, height, width));
        assertThat(convolution.multiplyAdds(PICTURE))
                .isEqualTo(4L * height * width * 3 * kernel * kernel);
    }

    @Test
    void aConvolutionHasABiasWhereAskedFor() {
        assertThat(described(new Layer.Convolution(4, 5, 1, 0, true)))
                .containsExactly("x.weight[4, 3, 5, 5]", "x.bias[4]");
        assertThat(described(new Layer.Convolution(4, 5, 1, 0, false)))
                .containsExactly("x.weight[4, 3, 5, 5]");
    }

    @Test
    void normalisationHasFourValuesPerChannel() {
        Layer norm = new Layer.BatchNorm();

        assertThat(norm.output(List.of(PICTURE))).isEqualTo(PICTURE);
        assertThat(norm.multiplyAdds(PICTURE)).isZero();
        assertThat(described(norm))
                .containsExactly(
                        "x.scale[3]", "x.shift[3]", "x.running-mean[3]", "x.running-variance[3]");
        assertThat(
                        norm.parameters("x", PICTURE).stream()
                                .filter(p -> p.role().trained())
                                .map(Parameter::name))
                .containsExactly("x.scale", "x.shift");
    }

    @Test
    void poolingLeavesOutWhatDoesNotFit() {
        assertThat(new Layer.MaxPool(2, 2).output(List.of(new Shape(6, 11, 10))))
                .isEqualTo(new Shape(6, 5, 5));
        assertThat(new Layer.MaxPool(3, 2).output(List.of(new Shape(6, 11, 10))))
                .isEqualTo(new Shape(6, 5, 4));
        assertThat(new Layer.AveragePool(8, 8).output(List.of(new Shape(64, 8, 8))))
                .isEqualTo(Shape.flat(64));
    }

    @Test
    void elementWiseLayersKeepTheShapeAndHaveNoParameters() {
        for (Layer layer :
                List.of(
                        new Layer.Activation(Layer.Activation.Function.TANH),
                        new Layer.Dropout(0.5))) {
            assertThat(layer.output(List.of(PICTURE))).isEqualTo(PICTURE);
            assertThat(described(layer)).isEmpty();
            assertThat(layer.multiplyAdds(PICTURE)).isZero();
        }
    }

    @Test
    void aSumNeedsTwoEqualShapes() {
        Layer add = new Layer.Add();

        assertThat(add.output(List.of(PICTURE, PICTURE))).isEqualTo(PICTURE);
        assertThatThrownBy(() -> add.output(List.of(PICTURE)))
                .hasMessage("expected two equal shapes, got [3x32x30]");
        assertThatThrownBy(() -> add.output(List.of(PICTURE, Shape.flat(3))))
                .hasMessage("expected two equal shapes, got [3x32x30, 3x1x1]");
    }

    @Test
    void aShortcutHalvesTheImageAndAddsChannels() {
        assertThat(new Layer.Shortcut(5, 2).output(List.of(PICTURE)))
                .isEqualTo(new Shape(5, 16, 15));
        assertThat(new Layer.Shortcut(3, 1).output(List.of(PICTURE))).isEqualTo(PICTURE);
        assertThatThrownBy(() -> new Layer.Shortcut(4, 2).output(List.of(PICTURE)))
                .hasMessage("cannot pad 3 channels to 4 equally on both sides");
        assertThatThrownBy(() -> new Layer.Shortcut(1, 2).output(List.of(PICTURE)))
                .hasMessage("cannot pad 3 channels to 1 equally on both sides");
    }

    @Test
    void refusesAWindowThatIsTooLarge() {
        assertThatThrownBy(() -> new Layer.Convolution(4, 35, 1, 2, true).output(List.of(PICTURE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a window of 35 does not fit into 34");
    }

    @ParameterizedTest
    @CsvSource({"-1, 3", "3, 3"})
    void refusesPaddingThatAKernelCannotReach(int padding, int kernel) {
        assertThatThrownBy(() -> new Layer.Convolution(4, kernel, 1, padding, true))
                .hasMessage(
                        Text.of("padding must be in [0, kernel), got %d of %d", padding, kernel));
    }

    @Test
    void refusesExtentsOfNothing() {
        assertThatThrownBy(() -> new Layer.Dense(0))
                .hasMessage("outputs must be at least 1, got 0");
        assertThatThrownBy(() -> new Layer.Convolution(1, 0, 1, 0, true))
                .hasMessage("kernel must be at least 1, got 0");
        assertThatThrownBy(() -> new Layer.Convolution(1, 1, 0, 0, true))
                .hasMessage("stride must be at least 1, got 0");
        assertThatThrownBy(() -> new Layer.MaxPool(0, 1))
                .hasMessage("size must be at least 1, got 0");
        assertThatThrownBy(() -> new Layer.AveragePool(1, -1))
                .hasMessage("stride must be at least 1, got -1");
        assertThatThrownBy(() -> new Shape(1, 0, 1))
                .hasMessage("every extent of a shape must be at least 1, got 1x0x1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void refusesARateThatDropsNothingOrAll(double rate) {
        assertThatThrownBy(() -> new Layer.Dropout(rate))
                .hasMessage("rate must be in (0, 1), got " + rate);
    }

    private static List<String> described(Layer layer) {
        return layer.parameters("x", PICTURE).stream()
                .map(p -> new Tensor(p.name(), p.dimensions(), new float[p.size()]).toString())
                .toList();
    }
}
