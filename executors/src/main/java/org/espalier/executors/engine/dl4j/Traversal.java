// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Passes through a network, forward and backward, layer by layer in the architecture's order.
 * Images are arrays [samples, channels, height, width], anything flat [samples, features]. All
 * arrays of a pass live in ND4J workspaces of the calling thread and die with the scope that {@link
 * #begin} opened.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class Traversal {
    private static final WorkspaceConfiguration ARENA =
            WorkspaceConfiguration.builder()
                    .initialSize(0)
                    .overallocationLimit(0.05)
                    .policyLearning(LearningPolicy.FIRST_LOOP)
                    .policyReset(ResetPolicy.BLOCK_LEFT)
                    .policySpill(SpillPolicy.REALLOCATE)
                    .policyAllocation(AllocationPolicy.OVERALLOCATE)
                    .build();

    private final LayerWorkspaceMgr workspaces =
            LayerWorkspaceMgr.builder()
                    .with(ArrayType.INPUT, "ESPALIER_FORWARD", ARENA)
                    .with(ArrayType.ACTIVATIONS, "ESPALIER_FORWARD", ARENA)
                    .with(ArrayType.ACTIVATION_GRAD, "ESPALIER_BACKWARD", ARENA)
                    .with(ArrayType.FF_WORKING_MEM, "ESPALIER_WORK", ARENA)
                    .with(ArrayType.BP_WORKING_MEM, "ESPALIER_WORK", ARENA)
                    .defaultWorkspace("ESPALIER_FORWARD", ARENA)
                    .build();

    private final Architecture architecture;
    private final List<Architecture.Node> nodes;
    private final int[][] inputs; // of each node; -1 is the network's input
    private final Shape[] inputShapes; // of the first input of each node
    private final Shape[] shapes;
    private final NativeLayer[] layers; // null where DL4J has none
    private final boolean[] needsDelta; // whether a layer with weights comes before the node
    private final INDArray[] values;
    private final INDArray[] factors; // of dropout
    private TrainingMode mode;
    private INDArray input;

    Traversal(Architecture architecture) {
        this.architecture = architecture;
        nodes = architecture.nodes();
        int size = nodes.size();
        inputs = new int[size][];
        inputShapes = new Shape[size];
        shapes = new Shape[size];
        layers = new NativeLayer[size];
        needsDelta = new boolean[size];
        values = new INDArray[size];
        factors = new INDArray[size];
        Map<String, Shape> byName = architecture.shapes();
        Map<String, Integer> positions = new HashMap<>(Map.of(Architecture.INPUT, -1));
        for (int i = 0; i < size; i++) {
            Architecture.Node node = nodes.get(i);
            inputs[i] = node.inputs().stream().mapToInt(positions::get).toArray();
            inputShapes[i] = byName.get(node.inputs().get(0));
            shapes[i] = byName.get(node.name());
            layers[i] = NativeLayer.of(node, inputShapes[i]);
            for (int from : inputs[i]) {
                needsDelta[i] |= from >= 0 && (needsDelta[from] || hasParameters(from));
            }
            positions.put(node.name(), i);
        }
    }

    private boolean hasParameters(int node) {
        return layers[node] != null && !layers[node].variables().isEmpty();
    }

    /** All parameters, in the order of {@link Architecture#parameters()}. */
    List<NativeLayer.Variable> variables() {
        List<NativeLayer.Variable> variables = new ArrayList<>();
        for (NativeLayer layer : layers) {
            if (layer != null) {
                variables.addAll(layer.variables());
            }
        }
        return variables;
    }

    /** Indices of nodes that are of this kind. */
    int[] nodes(Class<? extends Layer> kind) {
        return IntStream.range(0, nodes.size())
                .filter(i -> kind.isInstance(nodes.get(i).layer()))
                .toArray();
    }

    /** Indices of nodes that have weights. */
    int[] weightNodes() {
        return IntStream.range(0, nodes.size())
                .filter(
                        i ->
                                nodes.get(i).layer() instanceof Layer.Dense
                                        || nodes.get(i).layer() instanceof Layer.Convolution)
                .toArray();
    }

    NativeLayer layer(int node) {
        return layers[node];
    }

    /** Nodes that a node reads; -1 is the network's input. */
    int[] inputs(int node) {
        return inputs[node].clone();
    }

    Shape inputShape(int node) {
        return inputShapes[node];
    }

    Shape shape(int node) {
        return shapes[node];
    }

    /** Where a layer's arrays are placed, for what is done with it beside a pass. */
    LayerWorkspaceMgr workspaces() {
        return workspaces;
    }

    /** Opens the scope of what a single layer leaves behind. */
    MemoryWorkspace beginWork() {
        return workspaces.notifyScopeEntered(ArrayType.FF_WORKING_MEM);
    }

    /** Opens the scope in which the arrays of a pass live. */
    MemoryWorkspace begin() {
        return workspaces.notifyScopeEntered(ArrayType.ACTIVATIONS);
    }

    /** Opens the scope in which the arrays of a backward pass live. */
    MemoryWorkspace beginBackward() {
        return workspaces.notifyScopeEntered(ArrayType.ACTIVATION_GRAD);
    }

    /**
     * Runs a batch forward, within {@link #begin}.
     *
     * @param batch shape [count, size of a sample]
     * @param dropout may be null in evaluation
     * @return outputs, shape [count, outputs]
     */
    INDArray forward(float[] batch, int count, TrainingMode mode, RandomStream dropout) {
        this.mode = mode;
        Shape shape = architecture.input();
        input =
                workspaces.createUninitialized(
                        ArrayType.INPUT, DataType.FLOAT, extents(count, shape), 'c');
        NativeArrays.write(batch, count * shape.size(), input);
        for (int i = 0; i < values.length; i++) {
            try (MemoryWorkspace work = workspaces.notifyScopeEntered(ArrayType.FF_WORKING_MEM)) {
                values[i] = forward(i, dropout);
            }
        }
        return flat(values[values.length - 1]);
    }

    private static long[] extents(long count, Shape shape) {
        return shape.height() * shape.width() == 1
                ? new long[] {count, shape.channels()}
                : new long[] {count, shape.channels(), shape.height(), shape.width()};
    }

    private static INDArray flat(INDArray array) {
        return array.rank() == 2
                ? array
                : array.reshape('c', array.size(0), array.length() / array.size(0));
    }

    /** The same values as an image, even where it has one pixel. */
    private static INDArray image(INDArray array, Shape shape) {
        return array.rank() == 4
                ? array
                : array.reshape(
                        'c', array.size(0), shape.channels(), shape.height(), shape.width());
    }

    /** As the layer at a node wants to have its input, or the derivative by its output. */
    private INDArray formed(int node, INDArray array, Shape shape) {
        Layer layer = nodes.get(node).layer();
        if (layer instanceof Layer.Dense) {
            return flat(array);
        }
        boolean needsImage =
                layer instanceof Layer.Convolution
                        || layer instanceof Layer.MaxPool
                        || layer instanceof Layer.AveragePool
                        || layer instanceof Layer.Shortcut;
        return needsImage || shape.height() * shape.width() > 1 ? image(array, shape) : flat(array);
    }

    /** Value that enters a node. */
    private INDArray ingoing(int node, int which) {
        int from = inputs[node][which];
        return from < 0 ? input : values[from];
    }

    private INDArray forward(int i, RandomStream dropout) {
        INDArray in;
        try (MemoryWorkspace arena = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATIONS)) {
            in = formed(i, ingoing(i, 0), inputShapes[i]); // may copy
        }
        if (layers[i] != null) {
            boolean normalisation = nodes.get(i).layer() instanceof Layer.BatchNorm;
            // In test mode DL4J's activations overwrite their input, which others may still read.
            TrainingMode how = normalisation ? mode : TrainingMode.TRAIN;
            INDArray out = layers[i].forward(in, how, workspaces);
            if (nodes.get(i).layer() instanceof Layer.MaxPool) {
                showLostNaN(out);
            }
            return out;
        }
        try (MemoryWorkspace arena = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATIONS)) {
            if (nodes.get(i).layer() instanceof Layer.Add) {
                return in.add(formed(i, ingoing(i, 1), inputShapes[i]));
            } else if (nodes.get(i).layer() instanceof Layer.Shortcut shortcut) {
                INDArray out = Nd4j.zeros(DataType.FLOAT, extents(in.size(0), shapes[i]));
                part(image(out, shapes[i]), i).assign(everyNth(in, shortcut.stride()));
                return out;
            }
            factors[i] = null;
            if (mode == TrainingMode.TEST) {
                return in;
            }
            double rate = ((Layer.Dropout) nodes.get(i).layer()).rate();
            factors[i] = dropoutFactors(in, rate, dropout);
            return in.mul(factors[i]);
        }
    }

    /** DL4J's maximum of values that are all NaN is the lowest float, which would go unseen. */
    private static void showLostNaN(INDArray pooled) {
        if (pooled.minNumber().floatValue() <= -Float.MAX_VALUE) {
            pooled.assign(Float.NaN);
        }
    }

    private static INDArray everyNth(INDArray image, int stride) {
        return image.get(
                NDArrayIndex.all(),
                NDArrayIndex.all(),
                NDArrayIndex.interval(0, stride, image.size(2)),
                NDArrayIndex.interval(0, stride, image.size(3)));
    }

    /** The channels of a shortcut's output that come from its input. */
    private INDArray part(INDArray out, int node) {
        int before = (shapes[node].channels() - inputShapes[node].channels()) / 2;
        return out.get(
                NDArrayIndex.all(),
                NDArrayIndex.interval(before, before + inputShapes[node].channels()),
                NDArrayIndex.all(),
                NDArrayIndex.all());
    }

    private static INDArray dropoutFactors(INDArray like, double rate, RandomStream dropout) {
        float kept = (float) (1 / (1 - rate));
        float[] drawn = new float[Math.toIntExact(like.length())];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = dropout.nextFloat() < rate ? 0 : kept;
        }
        INDArray factors = Nd4j.createUninitialized(DataType.FLOAT, like.shape(), 'c');
        NativeArrays.write(drawn, factors);
        return factors;
    }

    /** What to do with the derivative by the output of a node. */
    interface Visitor {
        void visit(int node, INDArray delta);
    }

    /**
     * Runs the last batch backward, within {@link #beginBackward}. After a forward pass in training
     * mode all parameters' gradients are in native memory; after one in evaluation mode those of
     * normalisations are not.
     *
     * @param outputDelta derivatives by the outputs, shape [count, outputs]
     * @param visitor sees every node whose derivative is known, before the pass goes on through it
     * @param reach how far to go
     */
    void backward(float[] outputDelta, int count, Visitor visitor, Reach reach) {
        INDArray[] deltas = new INDArray[values.length];
        INDArray last =
                workspaces.createUninitialized(
                        ArrayType.ACTIVATION_GRAD,
                        DataType.FLOAT,
                        new long[] {count, architecture.outputs()},
                        'c');
        NativeArrays.write(outputDelta, count * architecture.outputs(), last);
        deltas[values.length - 1] = last;
        for (int i = values.length - 1; i >= 0; i--) {
            if (deltas[i] == null) { // no output depends on it
                if (layers[i] != null) {
                    layers[i].clearGradient();
                }
                continue;
            }
            visitor.visit(i, deltas[i]);
            if (!needsDelta[i] && (reach == Reach.WEIGHTS_ABOVE || !hasParameters(i))) {
                continue;
            }
            try (MemoryWorkspace work = workspaces.notifyScopeEntered(ArrayType.BP_WORKING_MEM)) {
                INDArray delta;
                try (MemoryWorkspace arena =
                        workspaces.notifyScopeBorrowed(ArrayType.ACTIVATION_GRAD)) {
                    delta = formed(i, deltas[i], shapes[i]); // may copy
                }
                INDArray back = backward(i, delta);
                for (int which = 0; which < inputs[i].length && needsDelta[i]; which++) {
                    collect(deltas, inputs[i][which], back);
                }
            }
        }
    }

    /** How far a backward pass goes. */
    enum Reach {
        /** Through every layer that has parameters. */
        ALL_PARAMETERS,
        /** To the outputs of the first layers that have parameters. */
        WEIGHTS_ABOVE
    }

    private void collect(INDArray[] deltas, int from, INDArray back) {
        if (from < 0) {
            return;
        }
        try (MemoryWorkspace arena = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATION_GRAD)) {
            if (deltas[from] == null) {
                deltas[from] = back;
            } else {
                boolean flat = deltas[from].rank() == 2;
                deltas[from] = deltas[from].add(flat ? flat(back) : image(back, shapes[from]));
            }
        }
    }

    private INDArray backward(int i, INDArray delta) {
        boolean normalisation = nodes.get(i).layer() instanceof Layer.BatchNorm;
        if (layers[i] != null && !(normalisation && mode == TrainingMode.TEST)) {
            return layers[i].backward(delta, workspaces);
        }
        try (MemoryWorkspace arena = workspaces.notifyScopeBorrowed(ArrayType.ACTIVATION_GRAD)) {
            if (normalisation) {
                return frozenNormalisation(i, delta);
            } else if (nodes.get(i).layer() instanceof Layer.Shortcut shortcut) {
                INDArray back = Nd4j.zeros(DataType.FLOAT, extents(delta.size(0), inputShapes[i]));
                everyNth(image(back, inputShapes[i]), shortcut.stride()).assign(part(delta, i));
                return back;
            } else if (factors[i] != null) {
                return delta.mul(factors[i]);
            }
            return delta;
        }
    }

    /**
     * With running statistics the layer is {@code y = scale / sqrt(variance + epsilon) x + ...}.
     */
    private INDArray frozenNormalisation(int i, INDArray delta) {
        float[] scale = layers[i].variable(Parameter.Role.SCALE).values();
        float[] variance = layers[i].variable(Parameter.Role.RUNNING_VARIANCE).values();
        float[] slopes = new float[scale.length];
        for (int c = 0; c < slopes.length; c++) {
            slopes[c] = (float) (scale[c] / Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON));
        }
        INDArray slope = Nd4j.createUninitialized(DataType.FLOAT, slopes.length);
        NativeArrays.write(slopes, slope);
        INDArray back = Nd4j.createUninitialized(DataType.FLOAT, delta.shape(), 'c');
        return Nd4j.getExecutioner().exec(new BroadcastMulOp(delta, slope, back, 1));
    }

    /** The value that entered a node in the last forward pass, row-major. */
    float[] readInput(int node) {
        return NativeArrays.read(ingoing(node, 0));
    }

    /** The value that a node gave in the last forward pass, row-major. */
    float[] readOutput(int node) {
        return NativeArrays.read(values[node]);
    }

    /** Forgets the last pass, whose arrays are gone. */
    void clear() {
        Arrays.fill(values, null);
        Arrays.fill(factors, null);
        input = null;
        for (NativeLayer layer : layers) {
            if (layer != null) {
                layer.clear();
            }
        }
    }
}
