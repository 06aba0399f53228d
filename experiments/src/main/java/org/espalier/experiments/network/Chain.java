// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the layers of a network one after another. Layers are called after their kind and counted
 * from 1 within it: {@code conv1, relu1, pool1, conv2}. Each reads the one before it unless told
 * otherwise.
 */
final class Chain {
    private final List<Architecture.Node> nodes = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private String last = Architecture.INPUT;

    /** Name of the layer that was added last. */
    String last() {
        return last;
    }

    Chain dense(int outputs) {
        return then("fc", new Layer.Dense(outputs));
    }

    /** A convolution of stride 1 with bias. */
    Chain convolution(int outputs, int kernel, int padding) {
        return then("conv", new Layer.Convolution(outputs, kernel, 1, padding, true));
    }

    /** A 3x3 convolution with padding 1 and no bias, and batch normalisation. */
    Chain normalisedConvolution(int outputs, int stride) {
        return then("conv", new Layer.Convolution(outputs, 3, stride, 1, false))
                .then("bn", new Layer.BatchNorm());
    }

    Chain relu() {
        return then("relu", new Layer.Activation(Layer.Activation.Function.RELU));
    }

    Chain tanh() {
        return then("tanh", new Layer.Activation(Layer.Activation.Function.TANH));
    }

    /** Maxima of 2x2 windows that do not overlap. */
    Chain maxPool() {
        return then("pool", new Layer.MaxPool(2, 2));
    }

    /** Mean over the whole of a square image of {@code extent} rows. */
    Chain meanOver(int extent) {
        return then("pool", new Layer.AveragePool(extent, extent));
    }

    /** A shortcut that reads {@code from}; the layer added next reads the shortcut. */
    Chain shortcut(String from, int outputs, int stride) {
        return add("shortcut", new Layer.Shortcut(outputs, stride), List.of(from));
    }

    /** Sum of two layers. */
    Chain sum(String left, String right) {
        return add("add", new Layer.Add(), List.of(left, right));
    }

    private Chain then(String kind, Layer layer) {
        return add(kind, layer, List.of(last));
    }

    private Chain add(String kind, Layer layer, List<String> inputs) {
        last = kind + counts.merge(kind, 1, Integer::sum);
        nodes.add(new Architecture.Node(last, layer, inputs));
        return this;
    }

    List<Architecture.Node> nodes() {
        return List.copyOf(nodes);
    }
}
