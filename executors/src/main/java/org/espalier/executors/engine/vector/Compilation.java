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
import org.espalier.experiments.network.Architecture.Node;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;

/**
 * An architecture as operations with places.
 *
 * @param operations in the order of the forward pass
 * @param rows of values in a workspace
 * @param gradients where their gradients lie
 */
record Compilation(
        Architecture architecture,
        List<Operation> operations,
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

        private final List<Operation> operations = new ArrayList<>();
        private int rows;

        Compiler(Architecture architecture) {
            this.architecture = architecture;
            shapes = architecture.shapes();
            for (Node node : architecture.nodes()) {
                node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum));
            }
        }

        Compilation compile() {
            Place input = newPlace(Architecture.INPUT);
            Set<String> written = writtenBefore();
            List<Node> nodes = architecture.nodes();
            for (int n = 0; n < nodes.size(); n++) {
                Node node = nodes.get(n);
                List<Operation.Input> inputs = new ArrayList<>();
                for (int i = 0; i < node.inputs().size(); i++) {
                    String name = node.inputs().get(i);
                    inputs.add(
                            new Operation.Input(
                                    places.get(name),
                                    wanting.contains(name),
                                    written.contains(n + "/" + i)));
                }
                Operation operation = operation(node, inputs);
                operations.add(operation);
                boolean wants =
                        !operation.parameters().isEmpty()
                                || node.inputs().stream().anyMatch(wanting::contains);
                if (wants) {
                    wanting.add(node.name());
                }
            }
            Place output = places.get(nodes.get(nodes.size() - 1).name());
            return new Compilation(
                    architecture,
                    List.copyOf(operations),
                    input,
                    output,
                    rows,
                    new GradientRows(operations, output));
        }

        /**
         * Uses of a value, as node/input, whose gradient is not the first that is written there:
         * all but the last use, as the backward pass comes from the end. Within a node the inputs
         * are served in order.
         */
        private Set<String> writtenBefore() {
            Set<String> later = new HashSet<>();
            Set<String> seen = new HashSet<>();
            List<Node> backwards = new ArrayList<>(architecture.nodes());
            Collections.reverse(backwards);
            int n = backwards.size();
            for (Node node : backwards) {
                n--;
                for (int i = 0; i < node.inputs().size(); i++) {
                    if (!seen.add(node.inputs().get(i))) {
                        later.add(n + "/" + i);
                    }
                }
            }
            return later;
        }

        private Operation operation(Node node, List<Operation.Input> inputs) {
            Operation.Input input = inputs.get(0);
            Layer layer = node.layer();
            List<Parameter> parameters = layer.parameters(node.name(), input.place().shape());
            if (layer instanceof Layer.Activation
                    || layer instanceof Layer.Add
                    || layer instanceof Layer.Dropout) {
                return elementwise(node, inputs);
            }
            Place output = newPlace(node.name());
            if (layer instanceof Layer.Dense) {
                return new DenseOperation(
                        compact(input), output, parameters.get(0), parameters.get(1));
            }
            if (layer instanceof Layer.Convolution convolution) {
                Parameter bias = convolution.bias() ? parameters.get(1) : null;
                return new ConvolutionOperation(
                        convolution, input, output, parameters.get(0), bias);
            }
            if (layer instanceof Layer.BatchNorm) {
                return new BatchNormOperation(input, output, parameters);
            }
            if (layer instanceof Layer.MaxPool pool) {
                return new PoolOperation(
                        PoolOperation.Kind.LARGEST, input, output, pool.size(), pool.stride());
            }
            if (layer instanceof Layer.AveragePool pool) {
                return new PoolOperation(
                        PoolOperation.Kind.MEAN, input, output, pool.size(), pool.stride());
            }
            if (layer instanceof Layer.Shortcut shortcut) {
                return new ShortcutOperation(input, output, shortcut.stride());
            }
            throw new AssertionError(layer);
        }

        /** Inputs and output lie alike: where one has no space between its channels, none has. */
        private Operation elementwise(Node node, List<Operation.Input> inputs) {
            boolean compact =
                    isOutside(node.name()) || inputs.stream().anyMatch(i -> i.place().isCompact());
            List<Operation.Input> alike =
                    compact ? inputs.stream().map(this::compact).toList() : inputs;
            Operation.Input input = alike.get(0);
            if (node.layer() instanceof Layer.Activation activation) {
                Place output = inPlaceOf(node, input);
                return new ActivationOperation(input, output, activation.function());
            }
            if (node.layer() instanceof Layer.Dropout dropout) {
                return new DropoutOperation(input, newPlace(node.name(), compact), dropout.rate());
            }
            return new AddOperation(input, alike.get(1), inPlaceOf(node, input));
        }

        /** The place of a node's first input where nobody else needs that, or a new one. */
        private Place inPlaceOf(Node node, Operation.Input input) {
            boolean only = readers.get(node.inputs().get(0)) == 1 && !isOutside(node.name());
            if (!only || !mayOverwrite(input.place())) {
                return newPlace(node.name(), input.place().isCompact());
            }
            places.put(node.name(), input.place());
            return input.place();
        }

        /** Whether the operation that wrote there last does without it on the way back. */
        private boolean mayOverwrite(Place place) {
            Operation last = null;
            for (Operation operation : operations) {
                last = operation.output == place ? operation : last;
            }
            return last != null && !(last instanceof ActivationOperation);
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
            List<Node> nodes = architecture.nodes();
            return name.equals(Architecture.INPUT)
                    || name.equals(nodes.get(nodes.size() - 1).name());
        }

        /** A value that a dense layer reads, without anything between its channels. */
        private Operation.Input compact(Operation.Input input) {
            Place place = input.place();
            if (place.isCompact()) {
                return input;
            }
            Place compact = new Place(place.shape(), rows, place.positions());
            rows += compact.rows();
            operations.add(new CompactOperation(input, compact));
            return new Operation.Input(compact, input.wanted(), false);
        }
    }
}
