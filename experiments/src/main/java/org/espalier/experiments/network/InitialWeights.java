// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;

/** Values of all parameters of a network before its training. */
public final class InitialWeights {
    private InitialWeights() {}

    /**
     * Initial parameters, one tensor each in the order of {@link Architecture#parameters()}.
     *
     * <pre>
     *   weight  ~ N(0, gain / fanIn)          gain 2 where a ReLU follows, else 1
     *   bias, shift, running mean = 0         scale, running variance = 1
     * </pre>
     *
     * A ReLU follows a layer when some path from its output meets one before any other activation
     * and before any other layer with weights: normalisation, pooling, dropout, sums and shortcuts
     * are looked through. The gain of 2 makes up for the half that a ReLU sets to zero (He et al.
     * 2015, "Delving Deep into Rectifiers", arXiv:1502.01852, eq. 10); 1 is the rule of LeCun et
     * al. 1998, here for tanh, sigmoid and linear outputs.
     *
     * <p>Tensor p is drawn in row-major order from stream {@code INITIAL_WEIGHTS/p}, so a tensor's
     * values depend on the seed, its place and its layer alone.
     */
    public static List<Tensor> of(Architecture architecture, Streams streams) {
        List<Parameter> parameters = architecture.parameters();
        Map<String, Architecture.Node> nodes =
                architecture.nodes().stream()
                        .collect(Collectors.toMap(Architecture.Node::name, Function.identity()));
        List<Tensor> tensors = new ArrayList<>();
        for (int p = 0; p < parameters.size(); p++) {
            Parameter parameter = parameters.get(p);
            float[] values = new float[parameter.size()];
            switch (parameter.role()) {
                case WEIGHT -> {
                    double gain = reluFollows(architecture, nodes.get(parameter.layer())) ? 2 : 1;
                    double deviation = Math.sqrt(gain / parameter.fanIn());
                    RandomStream random = streams.of(Streams.Purpose.INITIAL_WEIGHTS, p);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (deviation * random.nextGaussian());
                    }
                }
                case SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1);
                case BIAS, SHIFT, RUNNING_MEAN -> {}
            }
            tensors.add(new Tensor(parameter.name(), parameter.dimensions(), values));
        }
        return tensors;
    }

    private static boolean reluFollows(Architecture architecture, Architecture.Node node) {
        return architecture.nodes().stream()
                .filter(reader -> reader.inputs().contains(node.name()))
                .anyMatch(
                        reader ->
                                reader.layer() instanceof Layer.Activation activation
                                        ? activation.function() == Layer.Activation.Function.RELU
                                        : !hasWeights(reader.layer())
                                                && reluFollows(architecture, reader));
    }

    private static boolean hasWeights(Layer layer) {
        return layer instanceof Layer.Dense || layer instanceof Layer.Convolution;
    }
}
