// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;

/**
 * An architecture as nodes with places.
 *
 * @param nodes in the order of the forward pass
 * @param rows of values in a workspace
 * @param gradients where their gradients lie
 */
record Compilation(
        Architecture architecture,
        List<Node> nodes,
        Place input,
        Place output,
        int rows,
        GradientRows gradients) {

    static Compilation of(Architecture architecture) {
        return new Compiler(architecture).compile();
    }

    private static final class Compiler {
        /** Positions of an image from which on there is space between its channels. */
        private static final int SPACED_FROM = 16;

        /** As wide as most kernels: then the windows of neighbouring channels lie side by side. */
        private static final int SPACE = 3;

        private final Architecture architecture;
        private final Map<String, Shape> shapes;
        private final Map<String, Place> places = new HashMap<>();
        private final Map<String, Integer> readers = new HashMap<>();

        /** Values from which a parameter is reached backwards. */
        private final Set<String> wanting = new HashSet<>();

        private final List<Node> nodes = new ArrayList<>();
        private int rows;

        Compiler(Architecture architecture) {
            this.architecture = architecture;
            shapes = architecture.shapes();
            for (Architecture.Node named : architecture.nodes()) {
                named.inputs().forEach(name -> readers.merge(name, 1, Integer::sum));
            }
        }

        Compilation compile() {
            Place input = newPlace(Architecture.INPUT);
            Set<String> written = writtenBefore();
            List<Architecture.Node> given = architecture.nodes();
            for (int n = 0; n < given.size(); n++) {
                Architecture.Node named = given.get(n);
                List<Node.Input> inputs = new ArrayList<>();
                for (int i = 0; i < named.inputs().size(); i++) {
                    String name = named.inputs().get(i);
                    inputs.add(
                            new Node.Input(
                                    places.get(name),
                                    wanting.contains(name),
                                    written.contains(n + "/" + i)));
                }
                Node node = node(named, inputs);
                nodes.add(node);
                boolean wants =
                        !node.parameters().isEmpty()
                                || named.inputs().stream().anyMatch(wanting::contains);
                if (wants) {
                    wanting.add(named.name());
                }
            }
            Place output = places.get(given.get(given.size() - 1).name());
            return new Compilation(
                    architecture,
                    List.copyOf(nodes),
                    input,
                    output,
                    rows,
                    new GradientRows(nodes, output));
        }

        /**
         * Uses of a value, as node/input, whose gradient is not the first that is written there:
         * all but the last use, as the backward pass comes from the end. Within a node the inputs
         * are served in order.
         */
        private Set<String> writtenBefore() {
            Set<String> later = new HashSet<>();
            Set<String> seen = new HashSet<>();
            List<Architecture.Node> backwards = new ArrayList<>(architecture.nodes());
            Collections.reverse(backwards);
            int n = backwards.size();
            for (Architecture.Node named : backwards) {
                n--;
                for (int i = 0; i < named.inputs().size(); i++) {
                    if (!seen.add(named.inputs().get(i))) {
                        later.add(n + "/" + i);
                    }
                }
            }
            return later;
        }

        private Node node(Architecture.Node named, List<Node.Input> inputs) {
            Node.Input input = inputs.get(0);
            Layer layer = named.layer();
            List<Parameter> parameters = layer.parameters(named.name(), input.place().shape());
            if (layer instanceof Layer.Activation
                    || layer instanceof Layer.Add
                    || layer instanceof Layer.Dropout) {
                return elementwise(named, inputs);
            }
            Place output = newPlace(named.name());
            if (layer instanceof Layer.Dense) {
                return new DenseNode(compact(input), output, parameters.get(0), parameters.get(1));
            }
            if (layer instanceof Layer.Convolution convolution) {
                Parameter bias = convolution.bias() ? parameters.get(1) : null;
                return new ConvolutionNode(convolution, input, output, parameters.get(0), bias);
            }
            if (layer instanceof Layer.BatchNorm) {
                return new BatchNormNode(input, output, parameters);
            }
            if (layer instanceof Layer.MaxPool pool) {
                return new PoolNode(
                        PoolNode.Kind.LARGEST, input, output, pool.size(), pool.stride());
            }
            if (layer instanceof Layer.AveragePool pool) {
                return new PoolNode(PoolNode.Kind.MEAN, input, output, pool.size(), pool.stride());
            }
            if (layer instanceof Layer.Shortcut shortcut) {
                return new ShortcutNode(input, output, shortcut.stride());
            }
            throw new AssertionError(layer);
        }

        /** Inputs and output lie alike: where one has no space between its channels, none has. */
        private Node elementwise(Architecture.Node named, List<Node.Input> inputs) {
            boolean compact =
                    isOutside(named.name()) || inputs.stream().anyMatch(i -> i.place().isCompact());
            List<Node.Input> alike = compact ? inputs.stream().map(this::compact).toList() : inputs;
            Node.Input input = alike.get(0);
            if (named.layer() instanceof Layer.Activation activation) {
                Place output = inPlaceOf(named, input);
                return new ActivationNode(input, output, activation.function());
            }
            if (named.layer() instanceof Layer.Dropout dropout) {
                return new DropoutNode(input, newPlace(named.name(), compact), dropout.rate());
            }
            return new AddNode(input, alike.get(1), inPlaceOf(named, input));
        }

        /** The place of a node's first input where nobody else needs that, or a new one. */
        private Place inPlaceOf(Architecture.Node named, Node.Input input) {
            boolean only = readers.get(named.inputs().get(0)) == 1 && !isOutside(named.name());
            if (!only || !mayOverwrite(input.place())) {
                return newPlace(named.name(), input.place().isCompact());
            }
            places.put(named.name(), input.place());
            return input.place();
        }

        /** Whether the node that wrote there last does without it on the way back. */
        private boolean mayOverwrite(Place place) {
            Node last = null;
            for (Node node : nodes) {
                last = node.output == place ? node : last;
            }
            return last != null && !(last instanceof ActivationNode);
        }

        private Place newPlace(String name) {
            return newPlace(name, isOutside(name));
        }

        private Place newPlace(String name, boolean compact) {
            Shape shape = shapes.get(name);
            int positions = shape.height() * shape.width();
            boolean spaced = positions >= SPACED_FROM && !compact;
            Place place = new Place(shape, rows, spaced ? positions + SPACE : positions);
            rows += place.rows();
            places.put(name, place);
            return place;
        }

        private boolean isOutside(String name) {
            List<Architecture.Node> given = architecture.nodes();
            return name.equals(Architecture.INPUT)
                    || name.equals(given.get(given.size() - 1).name());
        }

        /** A value that a dense layer reads, without anything between its channels. */
        private Node.Input compact(Node.Input input) {
            Place place = input.place();
            if (place.isCompact()) {
                return input;
            }
            Place compact = new Place(place.shape(), rows, place.positions());
            rows += compact.rows();
            nodes.add(new CompactNode(input, compact));
            return new Node.Input(compact, input.wanted(), false);
        }
    }
}
