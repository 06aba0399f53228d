// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.BatchLoss;
import org.espalier.executors.engine.Network;
import org.espalier.executors.engine.Tensors;
import org.espalier.executors.engine.vector.curvature.SquaredGradients;
import org.espalier.executors.engine.vector.curvature.TangentPass;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/** A network of this engine: its parameters, and a workspace that batches pass through. */
final class VectorNetwork implements Network {

    /** Floats of values that a batch of an evaluation may fill. */
    private static final int EVALUATION_FLOATS = 1 << 20;

    private static final int EVALUATION_SAMPLES = 256;
    private static final String UPDATES = "updates";

    private final Compilation network;
    private final int batchSize;
    private final Node[] nodes;
    private final List<Trained> parameters = new ArrayList<>();
    private final Trained[] trained;
    private final Pass training;
    private final Pass evaluation;
    private final Inputs inputs;
    private final Loss loss;
    private int reserved;
    private Targets fitting; // null until a step
    private Update update; // null until train

    VectorNetwork(Kernels kernels, Compilation network, int batchSize) {
        this.network = network;
        this.batchSize = batchSize;
        nodes = network.nodes().toArray(Node[]::new);
        for (Node node : nodes) {
            parameters.addAll(node.parameters());
        }
        trained = parameters.stream().filter(p -> !p.isStatistic()).toArray(Trained[]::new);
        int capacity = Memory.padded(batchSize);
        training = new Pass(kernels, capacity, network.rows(), network.gradients().rows());
        boolean wide = (long) network.rows() * EVALUATION_SAMPLES <= EVALUATION_FLOATS;
        evaluation =
                wide && capacity < EVALUATION_SAMPLES
                        ? new Pass(kernels, EVALUATION_SAMPLES, network.rows(), 0)
                        : training;
        inputs = new Inputs(network.input());
        loss = new Loss(network.output(), network.gradients().unread());
        reserve(Math.max(capacity, evaluation.capacity));
    }

    @Override
    public Architecture architecture() {
        return network.architecture();
    }

    @Override
    public List<Tensor> parameters() {
        return parameters.stream().map(p -> p.tensor("", p.value)).toList();
    }

    @Override
    public void load(List<Tensor> tensors) {
        Tensors.requireSame(
                "parameters of " + architecture().name(),
                Tensors.zeros(architecture().parameters()),
                tensors);
        for (Trained p : parameters) {
            p.place(Tensors.named(tensors, p.parameter.name()).values(), p.value);
        }
    }

    @Override
    public void mask(Map<String, Mask> masks) {
        Tensors.requireMasksFit(architecture(), masks);
        for (Node node : nodes) {
            if (node instanceof WeightNode w) {
                Mask dense = Mask.dense(w.weight.parameter.size());
                w.mask(masks.getOrDefault(w.weight.parameter.name(), dense));
            }
        }
    }

    @Override
    public void train(Optimizer optimizer, WeightDecay decay) {
        update = new Update(optimizer, decay);
        for (Trained p : trained) {
            p.startState(update.stateNames().size());
        }
    }

    private Update update() {
        if (update == null) {
            throw new IllegalStateException(
                    architecture().name() + " has no optimiser: call train first");
        }
        return update;
    }

    @Override
    public List<Tensor> optimizerState() {
        List<Tensor> state = new ArrayList<>();
        List<String> names = update().stateNames();
        for (int s = 0; s < names.size(); s++) {
            for (Trained p : trained) {
                state.add(p.tensor(names.get(s) + "/", s == 0 ? p.first : p.second));
            }
        }
        state.add(new Tensor(UPDATES, new int[] {1}, new float[] {update.updates}));
        return state;
    }

    @Override
    public void loadOptimizerState(List<Tensor> state) {
        Tensors.requireSame("optimiser state", optimizerState(), state);
        List<String> names = update().stateNames();
        for (int s = 0; s < names.size(); s++) {
            for (Trained p : trained) {
                String name = names.get(s) + "/" + p.parameter.name();
                p.place(Tensors.named(state, name).values(), s == 0 ? p.first : p.second);
            }
        }
        update.updates = (long) Tensors.named(state, UPDATES).values()[0];
    }

    @Override
    public BatchResult step(
            Samples samples,
            int[] rows,
            int from,
            int count,
            double learningRate,
            RandomStream dropout) {
        Update rule = update();
        BatchLoss.requireFit(architecture(), samples, rows, from, count, batchSize);
        requireFit(samples.targets());
        training.mode = Pass.Mode.TRAINING;
        lossGradient(training, samples, rows, from, count, dropout);
        for (int n = nodes.length - 1; n >= 0; n--) {
            nodes[n].parameterGradient(training);
            nodes[n].inputGradient(training);
        }
        rule.apply(training.kernels, trained, learningRate);
        return new BatchResult(loss.lossSum(), loss.correct());
    }

    /** Looks closer at targets only when they are not those of the last step. */
    private void requireFit(Targets targets) {
        if (targets != fitting) {
            BatchLoss.requireFit(architecture(), targets);
            fitting = targets;
        }
    }

    private void lossGradient(
            Pass pass, Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        forward(pass, samples, rows, from, count, dropout);
        if (samples.targets() instanceof Targets.Labels labels) {
            loss.softmaxCrossEntropy(pass, labels, rows, from);
        } else if (samples.targets() instanceof Targets.Values values) {
            loss.squaredError(pass, values, rows, from);
        }
    }

    private void forward(
            Pass pass, Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        pass.begin(count, dropout);
        inputs.gather(pass, samples.features(), rows, from);
        for (Node node : nodes) {
            node.forward(pass);
        }
    }

    @Override
    public void outputs(Samples samples, int[] rows, int from, int count, float[] into) {
        BatchLoss.requireFit(architecture(), samples, rows, from, count, Integer.MAX_VALUE);
        int outputs = network.output().rows();
        Pass pass = evaluation;
        pass.mode = Pass.Mode.EVALUATION;
        for (int done = 0; done < count; done += pass.capacity) {
            int n = Math.min(pass.capacity, count - done);
            forward(pass, samples, rows, from + done, n, null);
            int z = network.output().at(pass.stride);
            for (int b = 0; b < n; b++) {
                for (int j = 0; j < outputs; j++) {
                    into[(done + b) * outputs + j] = pass.values[z + j * pass.stride + b];
                }
            }
        }
    }

    @Override
    public List<Tensor> gradient(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        BatchLoss.requireFit(architecture(), samples, rows, from, count, Integer.MAX_VALUE);
        requireFit(samples.targets());
        Pass pass = holding(count);
        pass.mode = Pass.Mode.PROBING;
        lossGradient(pass, samples, rows, from, count, dropout);
        Map<Trained, Tensor> gradients = new HashMap<>();
        for (int n = nodes.length - 1; n >= 0; n--) {
            Node node = nodes[n];
            node.parameterGradient(pass);
            if (node instanceof WeightNode w) {
                gradients.put(w.weight, w.fullGradient(pass));
            }
            node.inputGradient(pass);
        }
        for (Trained p : trained) {
            gradients.computeIfAbsent(p, q -> q.tensor("", q.gradient));
        }
        return Arrays.stream(trained).map(gradients::get).toList();
    }

    /** The workspace of the training, or a larger one for a batch that is larger. */
    private Pass holding(int count) {
        if (count <= training.capacity) {
            return training;
        }
        int capacity = Memory.padded(count);
        reserve(capacity);
        return new Pass(training.kernels, capacity, network.rows(), network.gradients().rows());
    }

    private void reserve(int capacity) {
        if (capacity > reserved) {
            for (Node node : nodes) {
                node.reserve(capacity);
            }
            loss.reserve(capacity);
            reserved = capacity;
        }
    }

    @Override
    public List<Sensitivity> sensitivity(
            Samples samples, int[] rows, int from, int count, Evidence.Output of) {
        BatchLoss.requireFit(architecture(), samples, rows, from, count, Integer.MAX_VALUE);
        SensitivityPass sensitivity = new SensitivityPass(nodes, loss, of(of));
        training.mode = Pass.Mode.EVALUATION;
        for (int done = 0; done < count; done += training.capacity) {
            int n = Math.min(training.capacity, count - done);
            forward(training, samples, rows, from + done, n, null);
            sensitivity.add(training, network.output().rows());
        }
        return sensitivity.means(count);
    }

    /** Without classes there are no probabilities. */
    private Evidence.Output of(Evidence.Output asked) {
        return architecture().loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY
                ? asked
                : Evidence.Output.LOGITS;
    }

    @Override
    public List<Tensor> fisherDiagonal(Samples samples, int[] rows, int from, int count) {
        BatchLoss.requireFit(architecture(), samples, rows, from, count, Integer.MAX_VALUE);
        requireFit(samples.targets());
        SquaredGradients<Pass> squares =
                new SquaredGradients<>(
                        network.nodes(), Arrays.stream(trained).map(p -> p.parameter).toList());
        int most = squares.samplesAtOnce(training.capacity);
        training.mode = Pass.Mode.EVALUATION;
        for (int done = 0; done < count; done += most) {
            int n = Math.min(most, count - done);
            lossGradient(training, samples, rows, from + done, n, null);
            loss.ofEachSample(training);
            squares.add(training);
        }
        return squares.means(architecture(), count);
    }

    @Override
    public List<Tensor> hessianProduct(
            Samples samples, int[] rows, int from, int count, List<Tensor> direction) {
        BatchLoss.requireFit(architecture(), samples, rows, from, count, Integer.MAX_VALUE);
        requireFit(samples.targets());
        Tensors.requireDirection(architecture(), direction);
        TangentPass<Pass> tangent = tangent(direction);
        training.mode = Pass.Mode.EVALUATION;
        for (int done = 0; done < count; done += training.capacity) {
            int n = Math.min(training.capacity, count - done);
            lossGradient(training, samples, rows, from + done, n, null);
            for (Pass other :
                    List.of(tangent.along(), tangent.gradientsAlong(), tangent.valuesAlong())) {
                other.begin(n, null);
            }
            tangent.run(network.nodes(), t -> loss.tangent(t, architecture().loss()), n);
        }
        return tangent.means(architecture(), count);
    }

    private TangentPass<Pass> tangent(List<Tensor> direction) {
        float[] values = new float[training.values.length];
        float[] gradients = new float[training.gradients.length];
        Map<Parameter, float[]> directions = new HashMap<>();
        for (Trained p : trained) {
            float[] full = Tensors.named(direction, p.parameter.name()).values();
            directions.put(p.parameter, p.withPadding(full));
        }
        return new TangentPass<>(
                training,
                new Pass(training, values, gradients),
                new Pass(training, training.values, gradients),
                new Pass(training, values, training.gradients),
                directions);
    }

    @Override
    public void close() {
        // Nothing outside the heap.
    }
}
