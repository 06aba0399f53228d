// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architecture.Node;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Shape;
import org.junit.jupiter.api.Test;

class GradientRowsTest {

    private static Node node(String name, Layer layer, String... inputs) {
        return new Node(name, layer, List.of(inputs));
    }

    private static Compilation compile(Node... nodes) {
        return Compilation.of(
                new Architecture(
                        "net", Shape.flat(3), List.of(nodes), Architecture.Loss.SQUARED_ERROR));
    }

    /**
     * Widths 7, 5, 2: the loss takes rows 0 and 1, the layer of 5 the rows 2 to 6; the first layer
     * of 7 comes behind both, as the 2 rows that the loss has left by then are too few: 7 to 13.
     */
    @Test
    void layersTakeTheFirstRowsThatAreFree() {
        Compilation net =
                compile(
                        node("a", new Layer.Dense(7), Architecture.INPUT),
                        node("b", new Layer.Dense(5), "a"),
                        node("c", new Layer.Dense(2), "b"));

        assertThat(net.nodes().stream().map(o -> o.output.gradientAt(1) - Memory.ORIGIN))
                .containsExactly(7, 2, 0);
        assertThat(net.gradients().rows()).isEqualTo(14);
        assertThat(net.gradients().unread()).isEmpty();
    }

    /** Widths 2, 2, 2, 2, 2: two layers at a time are in use, so the rows alternate. */
    @Test
    void aDeepNetworkTakesTheRowsOfTwoLayers() {
        Compilation net =
                compile(
                        node("a", new Layer.Dense(2), Architecture.INPUT),
                        node("b", new Layer.Dense(2), "a"),
                        node("c", new Layer.Dense(2), "b"),
                        node("d", new Layer.Dense(2), "c"),
                        node("e", new Layer.Dense(2), "d"));

        assertThat(net.nodes().stream().map(o -> o.output.gradientAt(1) - Memory.ORIGIN))
                .containsExactly(0, 2, 0, 2, 0);
        assertThat(net.gradients().rows()).isEqualTo(4);
    }

    /** What a nobody reads has rows of its own until the layer that wrote it is reached. */
    @Test
    void anUnreadOutputHasRowsOfItsOwn() {
        Compilation net =
                compile(
                        node("a", new Layer.Dense(2), Architecture.INPUT),
                        node("unread", new Layer.Dense(4), "a"),
                        node("b", new Layer.Dense(2), "a"));

        assertThat(net.nodes().stream().map(o -> o.output.gradientAt(1) - Memory.ORIGIN))
                .containsExactly(6, 2, 0);
        assertThat(net.gradients().unread()).containsExactly(net.nodes().get(1).output);
    }

    /** 46 values of ResNet-20 have gradients; no more than four images of the widest are in use. */
    @Test
    void resNetTakesTheRowsOfFourImages() {
        Compilation net =
                Compilation.of(
                        Architectures.create(
                                "resnet-20",
                                new Shape(3, 32, 32),
                                10,
                                Architecture.Loss.SOFTMAX_CROSS_ENTROPY));

        assertThat(net.gradients().rows()).isLessThanOrEqualTo(4 * 16 * (32 * 32 + 3));
        assertThat(net.rows()).isGreaterThan(6 * net.gradients().rows());
    }
}
