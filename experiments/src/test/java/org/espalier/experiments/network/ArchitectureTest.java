// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Architecture.Node;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final Shape INPUT = new Shape(1, 4, 4);
    private static final Node CONV =
            new Node("conv", new Layer.Convolution(2, 3, 1, 1, false), List.of("input"));
    private static final Node NORM = new Node("norm", new Layer.BatchNorm(), List.of("conv"));
    private static final Node SUM = new Node("sum", new Layer.Add(), List.of("norm", "conv"));
    private static final Node OUT = new Node("out", new Layer.Dense(3), List.of("sum"));

    private static final Architecture NETWORK =
            new Architecture(
                    "tiny", INPUT, List.of(CONV, NORM, SUM, OUT), Loss.SOFTMAX_CROSS_ENTROPY);

    @Test
    void knowsTheShapeOfEveryLayer() {
        assertThat(NETWORK.shapes())
                .containsEntry("input", INPUT)
                .containsEntry("sum", new Shape(2, 4, 4))
                .containsEntry("out", Shape.flat(3))
                .hasSize(5);
        assertThat(NETWORK.outputs()).isEqualTo(3);
    }

    /** 2 * 9 = 18; 2 + 2 trained and 2 + 2 running; 32 * 3 + 3 = 99. */
    @Test
    void countsWhatIsTrained() {
        assertThat(NETWORK.parameterCount()).isEqualTo(18 + 4 + 99);
        assertThat(NETWORK.parameters().stream().map(Parameter::name))
                .containsExactly(
                        "conv.weight",
                        "norm.scale",
                        "norm.shift",
                        "norm.running-mean",
                        "norm.running-variance",
                        "out.weight",
                        "out.bias");
        assertThat(NETWORK.weights().stream().map(Parameter::name))
                .containsExactly("conv.weight", "out.weight");
        assertThat(NETWORK.weights().get(0).fanIn()).isEqualTo(9);
    }

    /** 2 * 16 * 9 for the convolution, 32 * 3 for the dense layer. */
    @Test
    void countsMultiplyAdds() {
        assertThat(NETWORK.multiplyAdds()).isEqualTo(288 + 96);
    }

    /** Part of every trunk's name: a change here renames all results. */
    @Test
    void spellsItsStructureWithoutItsName() {
        assertThat(NETWORK.canonicalText())
                .isEqualTo(
                        "input=1x4x4 loss=SOFTMAX_CROSS_ENTROPY;"
                                + " conv=Convolution[outputs=2, kernel=3, stride=1, padding=1,"
                                + " bias=false](input); norm=BatchNorm[](conv);"
                                + " sum=Add[](norm,conv); out=Dense[outputs=3](sum)");
    }

    @Test
    void refusesAnEmptyNetwork() {
        assertRefused("tiny has no layer");
    }

    @Test
    void refusesAnInputThatComesLater() {
        assertRefused("layer norm reads conv, which does not come before it", NORM, CONV);
    }

    @Test
    void refusesTwoLayersOfOneName() {
        assertRefused("two layers are called conv", CONV, CONV);
        assertRefused(
                "two layers are called input",
                new Node("input", new Layer.Dense(1), List.of("input")));
    }

    @Test
    void saysWhichLayerDoesNotFit() {
        assertRefused(
                "layer sum: expected two equal shapes, got [2x4x4, 1x4x4]",
                CONV,
                new Node("sum", new Layer.Add(), List.of("conv", "input")));
    }

    private static void assertRefused(String message, Node... nodes) {
        assertThatThrownBy(
                        () -> new Architecture("tiny", INPUT, List.of(nodes), Loss.SQUARED_ERROR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aTensorHasAsManyValuesAsItsShapeSays() {
        assertThatThrownBy(() -> new Tensor("fc1.weight", new int[] {2, 3}, new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor fc1.weight of shape [2, 3] needs 6 values, got 5");
    }

    @Test
    void aCopyOfATensorSharesNothing() {
        Tensor tensor = new Tensor("fc1.bias", new int[] {2}, new float[] {1, 2});

        Tensor copy = tensor.copy();
        copy.values()[0] = 9;
        copy.dimensions()[0] = 9;

        assertThat(tensor.values()).containsExactly(1, 2);
        assertThat(copy).hasToString("fc1.bias[2]");
    }
}
