// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.EnumSet;
import java.util.Set;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.results.text.Text;

/** Layers with weights, as far as methods and engines tell them apart. */
public enum LayerKind {
    /** Fully connected, with a bias. */
    DENSE,
    /** A convolution with a bias. */
    CONVOLUTION,
    /** A convolution without one, where batch normalisation follows. */
    CONVOLUTION_WITHOUT_BIAS;

    /** In words: {@code convolution without bias}. */
    public String text() {
        return Text.word(this).replace('-', ' ');
    }

    /** The kinds of some layers of a network, in the order of this list. */
    public static Set<LayerKind> of(Architecture network, Iterable<Parameter> weights) {
        Set<LayerKind> kinds = EnumSet.noneOf(LayerKind.class);
        for (Parameter parameter : weights) {
            network.nodes().stream()
                    .filter(node -> node.name().equals(parameter.layer()))
                    .forEach(node -> kinds.add(of(node.layer())));
        }
        return kinds;
    }

    /**
     * Whether a network has a layer of a kind.
     *
     * @param structure {@code Architecture.canonicalText()}
     */
    static boolean anyIn(String structure, LayerKind kind) {
        return switch (kind) {
            case DENSE -> structure.contains("=Dense[");
            case CONVOLUTION -> structure.contains("bias=true]");
            case CONVOLUTION_WITHOUT_BIAS -> structure.contains("bias=false]");
        };
    }

    private static LayerKind of(Layer layer) {
        if (layer instanceof Layer.Convolution convolution) {
            return convolution.bias() ? CONVOLUTION : CONVOLUTION_WITHOUT_BIAS;
        }
        return DENSE;
    }
}
