// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer.TrainingMode;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.BatchLoss;
import org.espalier.executors.engine.Network;
import org.espalier.executors.engine.Tensors;
import org.espalier.executors.engine.Updater;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;
import org.nd4j.linalg.api.memory.MemoryWorkspace;

/**
 * A network whose parameters live twice: in Java's memory, where they are updated, and in native
 * memory, where DL4J's layers read them.
 */
@SuppressWarnings("try") // a workspace is only opened and closed
final class Dl4jNetwork implements Network {
    private static final int[] NONE = {};

    private final Architecture architecture;
    private final int batchSize;
    private final Traversal traversal;
    private final List<NativeLayer.Variable> variables;
    private final List<NativeLayer.Variable> trained;
    private final Map<String, int[]> pruned = new HashMap<>();
    private final RunningStatistics statistics;
    private Updater updater; // null until train
    private float[] batch = {};
    private float[] outputs = {};
    private float[] delta = {};

    Dl4jNetwork(Architecture architecture, int batchSize) {
        this.architecture = architecture;
        this.batchSize = batchSize;
        traversal = new Traversal(architecture);
        variables = traversal.variables();
        trained = variables.stream().filter(v -> v.parameter().role().trained()).toList();
        statistics = new RunningStatistics(traversal);
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public List<Tensor> parameters() {
        return variables.stream().map(v -> tensor(v.parameter(), v.values())).toList();
    }

    private static Tensor tensor(Parameter parameter, float[] values) {
        return new Tensor(parameter.name(), parameter.dimensions(), values.clone());
    }

    @Override
    public void load(List<Tensor> parameters) {
        Tensors.requireSame(
                "parameters of " + architecture.name(),
                Tensors.zeros(architecture.parameters()),
                parameters);
        for (NativeLayer.Variable variable : variables) {
            float[] values = Tensors.named(parameters, variable.parameter().name()).values();
            System.arraycopy(values, 0, variable.values(), 0, values.length);
            applyMask(variable);
        }
    }

    private void applyMask(NativeLayer.Variable variable) {
        for (int i : pruned(variable.parameter())) {
            variable.values()[i] = 0;
        }
        variable.push();
    }

    private int[] pruned(Parameter parameter) {
        return parameter.role() == Parameter.Role.WEIGHT
                ? pruned.getOrDefault(parameter.name(), NONE)
                : NONE;
    }

    @Override
    public void mask(Map<String, Mask> masks) {
        Tensors.requireMasksFit(architecture, masks);
        pruned.clear();
        masks.forEach(
                (name, mask) ->
                        pruned.put(
                                name,
                                IntStream.range(0, mask.size())
                                        .filter(i -> !mask.keeps(i))
                                        .toArray()));
        variables.forEach(this::applyMask);
        clearPrunedState();
    }

    private void clearPrunedState() {
        for (int i = 0; updater != null && i < trained.size(); i++) {
            updater.clear(i, pruned(trained.get(i).parameter()));
        }
    }

    @Override
    public void train(Optimizer optimizer, WeightDecay decay) {
        updater = new Updater(optimizer, decay, architecture.parameters());
    }

    private Updater updater() {
        if (updater == null) {
            throw new IllegalStateException(
                    architecture.name() + " has no optimiser: call train first");
        }
        return updater;
    }

    @Override
    public List<Tensor> optimizerState() {
        return updater().state();
    }

    @Override
    public void loadOptimizerState(List<Tensor> state) {
        updater().load(state);
        clearPrunedState();
    }

    @Override
    public BatchResult step(
            Samples samples,
            int[] rows,
            int from,
            int count,
            double learningRate,
            RandomStream dropout) {
        Updater rule = updater();
        BatchLoss.requireFit(architecture, samples, rows, from, count, batchSize);
        BatchResult result = differentiate(samples, rows, from, count, dropout);
        statistics.update(count);
        rule.begin(learningRate);
        for (int i = 0; i < trained.size(); i++) {
            NativeLayer.Variable variable = trained.get(i);
            int[] masked = pruned(variable.parameter());
            variable.pullGradient();
            rule.update(i, variable.values(), 0, variable.gradient(), 0, masked);
            variable.push();
        }
        return result;
    }

    /** Forward and backward in training mode; the gradients stay in native memory. */
    private BatchResult differentiate(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        Targets targets = samples.targets();
        BatchLoss.requireFit(architecture, targets);
        gather(samples, rows, from, count);
        BatchResult result;
        try (MemoryWorkspace arena = traversal.begin();
                MemoryWorkspace backward = traversal.beginBackward()) {
            NativeArrays.read(
                    traversal.forward(batch, count, TrainingMode.TRAIN, dropout), outputs);
            result = BatchLoss.of(targets, rows, from, count, outputs, delta);
            traversal.backward(delta, count, (node, by) -> {}, Traversal.Reach.ALL_PARAMETERS);
        }
        traversal.clear();
        return result;
    }

    /** Copies samples into the batch; the arrays of a batch grow to the largest there was. */
    private void gather(Samples samples, int[] rows, int from, int count) {
        int size = architecture.input().size();
        if (batch.length < count * size) {
            batch = new float[Math.multiplyExact(count, size)];
            outputs = new float[Math.multiplyExact(count, architecture.outputs())];
            delta = new float[outputs.length];
        }
        for (int n = 0; n < count; n++) {
            samples.features().copy(rows[from + n], batch, n * size);
        }
    }

    @Override
    public void outputs(Samples samples, int[] rows, int from, int count, float[] into) {
        BatchLoss.requireFit(architecture, samples, rows, from, count, Integer.MAX_VALUE);
        int size = architecture.outputs();
        for (int done = 0; done < count; done += batchSize) {
            int part = Math.min(batchSize, count - done);
            gather(samples, rows, from + done, part);
            try (MemoryWorkspace arena = traversal.begin()) {
                NativeArrays.read(traversal.forward(batch, part, TrainingMode.TEST, null), outputs);
            }
            traversal.clear();
            System.arraycopy(outputs, 0, into, done * size, part * size);
        }
    }

    @Override
    public List<Tensor> gradient(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        BatchLoss.requireFit(architecture, samples, rows, from, count, Integer.MAX_VALUE);
        differentiate(samples, rows, from, count, dropout);
        List<Tensor> gradient = new ArrayList<>();
        for (NativeLayer.Variable variable : trained) {
            variable.pullGradient();
            gradient.add(tensor(variable.parameter(), variable.gradient()));
        }
        return gradient;
    }

    @Override
    public List<Sensitivity> sensitivity(
            Samples samples, int[] rows, int from, int count, Evidence.Output of) {
        BatchLoss.requireFit(architecture, samples, rows, from, count, Integer.MAX_VALUE);
        Dl4jSensitivity pass = new Dl4jSensitivity(traversal, architecture, of);
        for (int done = 0; done < count; done += batchSize) {
            int part = Math.min(batchSize, count - done);
            gather(samples, rows, from + done, part);
            pass.add(batch, part);
        }
        return pass.means(count);
    }

    @Override
    public List<Tensor> fisherDiagonal(Samples samples, int[] rows, int from, int count) {
        BatchLoss.requireFit(architecture, samples, rows, from, count, Integer.MAX_VALUE);
        BatchLoss.requireFit(architecture, samples.targets());
        FisherPass pass = new FisherPass(traversal, architecture);
        for (int done = 0; done < count; done += batchSize) {
            int part = Math.min(batchSize, count - done);
            gather(samples, rows, from + done, part);
            pass.add(batch, samples.targets(), rows, from + done, part);
        }
        return pass.means(count);
    }

    @Override
    public List<Tensor> hessianProduct(
            Samples samples, int[] rows, int from, int count, List<Tensor> direction) {
        BatchLoss.requireFit(architecture, samples, rows, from, count, Integer.MAX_VALUE);
        BatchLoss.requireFit(architecture, samples.targets());
        Tensors.requireDirection(architecture, direction);
        HessianPass pass = new HessianPass(traversal, architecture, direction);
        for (int done = 0; done < count; done += batchSize) {
            int part = Math.min(batchSize, count - done);
            gather(samples, rows, from + done, part);
            pass.add(batch, samples.targets(), rows, from + done, part);
        }
        return pass.means(count);
    }

    /** Native memory is freed with the objects that own it. */
    @Override
    public void close() {
        traversal.clear();
    }
}
