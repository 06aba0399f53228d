// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.results.text.Text;

/**
 * A network as plain data: layers in the order they are computed, each naming its inputs. The last
 * layer gives the network's outputs, before any softmax.
 *
 * @param name as in a sweep file
 * @param input shape of a sample
 * @param nodes in an order in which every input comes before its use; at least one
 * @param loss computed from the last layer's outputs
 */
public record Architecture(String name, Shape input, List<Node> nodes, Loss loss)
        implements Serializable {

    /** Name of the network's input, as an input of a node. */
    public static final String INPUT = "input";

    /** A layer in its place. */
    public record Node(String name, Layer layer, List<String> inputs) implements Serializable {
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    /** What training minimises, as a mean over the samples of a batch. */
    public enum Loss {
        /** {@code -log softmax(y)_label}: classification. */
        SOFTMAX_CROSS_ENTROPY,
        /** Mean over the outputs of {@code (y - target)^2}, without a factor of one half. */
        SQUARED_ERROR
    }

    public Architecture {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException(name + " has no layer");
        }
        shapes(input, nodes); // throws where layers do not fit
    }

    private static Map<String, Shape> shapes(Shape input, List<Node> nodes) {
        Map<String, Shape> shapes = new HashMap<>();
        shapes.put(INPUT, input);
        for (Node node : nodes) {
            List<Shape> inputs = new ArrayList<>();
            for (String from : node.inputs()) {
                Shape shape = shapes.get(from);
                if (shape == null) {
                    throw new IllegalArgumentException(
                            Text.of(
                                    "layer %s reads %s, which does not come before it",
                                    node.name(), from));
                }
                inputs.add(shape);
            }
            Shape output;
            try {
                output = node.layer().output(inputs);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        Text.of("layer %s: %s", node.name(), e.getMessage()), e);
            }
            if (shapes.put(node.name(), output) != null) {
                throw new IllegalArgumentException("two layers are called " + node.name());
            }
        }
        return shapes;
    }

    /** Output shape of every layer by its name, and of {@link #INPUT}. */
    public Map<String, Shape> shapes() {
        return shapes(input, nodes);
    }

    /** Number of outputs of the network. */
    public int outputs() {
        return shapes().get(nodes.get(nodes.size() - 1).name()).size();
    }

    /** All parameters, layer by layer; the order in which engines and snapshots give tensors. */
    public List<Parameter> parameters() {
        Map<String, Shape> shapes = shapes();
        List<Parameter> parameters = new ArrayList<>();
        for (Node node : nodes) {
            Shape in = shapes.get(node.inputs().get(0));
            parameters.addAll(node.layer().parameters(node.name(), in));
        }
        return parameters;
    }

    /** The weights of dense and convolutional layers, in layer order. */
    public List<Parameter> weights() {
        return parameters().stream().filter(p -> p.role() == Parameter.Role.WEIGHT).toList();
    }

    /** Number of trained parameters: all but running statistics. */
    public long parameterCount() {
        return parameters().stream()
                .filter(p -> p.role().trained())
                .mapToLong(Parameter::count)
                .sum();
    }

    /** Multiply-adds of one sample's forward pass. */
    public long multiplyAdds() {
        Map<String, Shape> shapes = shapes();
        return nodes.stream()
                .mapToLong(n -> n.layer().multiplyAdds(shapes.get(n.inputs().get(0))))
                .sum();
    }

    /**
     * Canonical text of the structure, without the name: equal networks, equal text. Part of a
     * trunk's name, so two names of one network share trunks.
     */
    public String canonicalText() {
        StringBuilder text = new StringBuilder("input=" + input + " loss=" + loss);
        for (Node node : nodes) {
            text.append("; ").append(node.name()).append('=').append(node.layer());
            text.append('(').append(String.join(",", node.inputs())).append(')');
        }
        return text.toString();
    }
}
