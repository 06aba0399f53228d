// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
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
    private final Operation[] operations;
    private final List<Trained> parameters = new ArrayList<>();
    private final Trained[] trained;
    private final Pass training;
    private final Pass evaluation;
    private final Inputs inputs;
    private final Loss loss;
    private Update update;

    VectorNetwork(Kernels kernels, Compilation network, int batchSize) {
        this.network = network;
        this.batchSize = batchSize;
        operations = network.operations().toArray(Operation[]::new);
        for (Operation operation : operations) {
            parameters.addAll(operation.parameters());
        }
        trained = parameters.stream().filter(p -> !p.isStatistic()).toArray(Trained[]::new);
        int capacity = Memory.padded(batchSize);
        training = new Pass(kernels, capacity, network.rows(), network.rows());
        boolean wide = (long) network.rows() * EVALUATION_SAMPLES <= EVALUATION_FLOATS;
        evaluation =
                wide && capacity < EVALUATION_SAMPLES
                        ? new Pass(kernels, EVALUATION_SAMPLES, network.rows(), 0)
                        : training;
        inputs = new Inputs(network.input());
        loss = new Loss(network.output(), capacity);
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
        Map<String, Tensor> named = byName(tensors, names(""));
        for (Trained p : parameters) {
            p.place(take(named, "", p).values(), p.value);
        }
    }

    private List<String> names(String prefix) {
        return parameters.stream().map(p -> prefix + p.parameter.name()).toList();
    }

    private static Map<String, Tensor> byName(List<Tensor> tensors, List<String> known) {
        Map<String, Tensor> named = new HashMap<>();
        for (Tensor tensor : tensors) {
            if (!known.contains(tensor.name())) {
                throw new IllegalArgumentException(
                        "unknown tensor %s; known: %s"
                                .formatted(tensor.name(), String.join(", ", known)));
            }
            if (named.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("tensor " + tensor.name() + " is there twice");
            }
        }
        for (String name : known) {
            if (!named.containsKey(name)) {
                throw new IllegalArgumentException("tensor " + name + " is missing");
            }
        }
        return named;
    }

    private static Tensor take(Map<String, Tensor> named, String prefix, Trained p) {
        Tensor tensor = named.get(prefix + p.parameter.name());
        if (!Arrays.equals(tensor.dimensions(), p.parameter.dimensions())) {
            throw new IllegalArgumentException(
                    "tensor %s: expected shape %s, got %s"
                            .formatted(
                                    tensor.name(),
                                    Arrays.toString(p.parameter.dimensions()),
                                    Arrays.toString(tensor.dimensions())));
        }
        return tensor;
    }

    @Override
    public void mask(Map<String, Mask> masks) {
        Map<String, WeightOperation> weights = new HashMap<>();
        for (Operation operation : operations) {
            if (operation instanceof WeightOperation w) {
                weights.put(w.weight.parameter.name(), w);
            }
        }
        masks.forEach(
                (name, mask) -> {
                    WeightOperation w = weights.get(name);
                    if (w == null) {
                        throw new IllegalArgumentException(
                                "no weights %s to mask; known: %s"
                                        .formatted(
                                                name,
                                                String.join(
                                                        ", ",
                                                        weights.keySet().stream()
                                                                .sorted()
                                                                .toList())));
                    }
                    if (mask.size() != w.weight.parameter.size()) {
                        throw new IllegalArgumentException(
                                "mask of %s: expected %d weights, got %d"
                                        .formatted(name, w.weight.parameter.size(), mask.size()));
                    }
                });
        weights.forEach(
                (name, w) -> {
                    Mask mask = masks.get(name);
                    w.mask(mask == null ? Mask.dense(w.weight.parameter.size()) : mask);
                });
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
            throw new IllegalStateException("no optimiser: train(...) comes first");
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
        List<String> names = update().stateNames();
        List<String> known = new ArrayList<>();
        for (String name : names) {
            for (Trained p : trained) {
                known.add(name + "/" + p.parameter.name());
            }
        }
        known.add(UPDATES);
        Map<String, Tensor> named = byName(state, known);
        for (int s = 0; s < names.size(); s++) {
            for (Trained p : trained) {
                float[] full = take(named, names.get(s) + "/", p).values();
                p.place(full, s == 0 ? p.first : p.second);
            }
        }
        update.updates = (long) named.get(UPDATES).values()[0];
    }

    @Override
    public BatchResult step(
            Samples samples,
            int[] rows,
            int from,
            int count,
            double learningRate,
            RandomStream dropout) {
        update();
        lossGradient(Pass.Mode.TRAINING, samples, rows, from, count, dropout);
        for (int n = operations.length - 1; n >= 0; n--) {
            operations[n].parameterGradient(training);
            operations[n].inputGradient(training);
        }
        update.apply(training.kernels, trained, learningRate);
        return new BatchResult(loss.lossSum(), loss.correct());
    }

    private void lossGradient(
            Pass.Mode mode,
            Samples samples,
            int[] rows,
            int from,
            int count,
            RandomStream dropout) {
        if (count < 1 || count > batchSize) {
            throw new IllegalArgumentException(
                    "a batch must have 1 to %d samples, got %d".formatted(batchSize, count));
        }
        check(samples);
        forward(training, mode, samples, rows, from, count, dropout);
        if (samples.targets() instanceof Targets.Labels labels) {
            loss.softmaxCrossEntropy(training, labels, rows, from);
        } else if (samples.targets() instanceof Targets.Values values) {
            loss.squaredError(training, values, rows, from);
        }
    }

    private void check(Samples samples) {
        Architecture architecture = network.architecture();
        boolean labels = samples.targets() instanceof Targets.Labels;
        boolean classifies = architecture.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        if (labels != classifies || samples.targets().outputs() != network.output().rows()) {
            throw new IllegalArgumentException(
                    "network %s with %d outputs and loss %s does not fit %d %s"
                            .formatted(
                                    architecture.name(),
                                    network.output().rows(),
                                    architecture.loss(),
                                    samples.targets().outputs(),
                                    labels ? "classes" : "values"));
        }
    }

    private void forward(
            Pass pass,
            Pass.Mode mode,
            Samples samples,
            int[] rows,
            int from,
            int count,
            RandomStream dropout) {
        if (!samples.features().shape().equals(network.input().shape())) {
            throw new IllegalArgumentException(
                    "network %s: expected samples of %s, got %s"
                            .formatted(
                                    network.architecture().name(),
                                    network.input().shape(),
                                    samples.features().shape()));
        }
        pass.begin(mode, count, dropout);
        inputs.gather(pass, samples.features(), rows, from);
        for (Operation operation : operations) {
            operation.forward(pass);
        }
    }

    @Override
    public void outputs(Samples samples, int[] rows, int from, int count, float[] into) {
        int outputs = network.output().rows();
        for (int done = 0; done < count; done += evaluation.capacity) {
            int n = Math.min(evaluation.capacity, count - done);
            forward(evaluation, Pass.Mode.EVALUATION, samples, rows, from + done, n, null);
            int z = network.output().at(evaluation.stride);
            for (int b = 0; b < n; b++) {
                for (int j = 0; j < outputs; j++) {
                    into[(done + b) * outputs + j] =
                            evaluation.values[z + j * evaluation.stride + b];
                }
            }
        }
    }

    @Override
    public List<Tensor> gradient(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        lossGradient(Pass.Mode.PROBING, samples, rows, from, count, dropout);
        Map<Trained, Tensor> gradients = new HashMap<>();
        for (int n = operations.length - 1; n >= 0; n--) {
            Operation operation = operations[n];
            operation.parameterGradient(training);
            if (operation instanceof WeightOperation w) {
                gradients.put(w.weight, w.fullGradient(training));
            }
            operation.inputGradient(training);
        }
        return Arrays.stream(trained)
                .map(p -> gradients.getOrDefault(p, p.tensor("", p.gradient)))
                .toList();
    }

    @Override
    public List<Sensitivity> sensitivity(
            Samples samples, int[] rows, int from, int count, Evidence.Output of) {
        Map<WeightOperation, SensitivitySums> sums = new HashMap<>();
        for (Operation operation : operations) {
            if (operation instanceof WeightOperation w) {
                int outputs = w.output.shape().channels();
                sums.put(w, new SensitivitySums(outputs, w.weight.parameter.size()));
            }
        }
        for (int done = 0; done < count; done += training.capacity) {
            int n = Math.min(training.capacity, count - done);
            forward(training, Pass.Mode.EVALUATION, samples, rows, from + done, n, null);
            sense(sums, of);
        }
        List<Sensitivity> sensitivities = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation instanceof WeightOperation w) {
                sensitivities.add(sums.get(w).mean(w.weight.parameter.layer(), count));
            }
        }
        return sensitivities;
    }

    private void sense(Map<WeightOperation, SensitivitySums> sums, Evidence.Output of) {
        boolean softmax =
                of == Evidence.Output.SOFTMAX
                        && network.architecture().loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        float[] p = softmax ? loss.probabilities(training) : null;
        for (int k = 0; k < network.output().rows(); k++) {
            if (softmax) {
                loss.seedProbability(training, k, p);
            } else {
                loss.seedLogit(training, k);
            }
            for (int n = operations.length - 1; n >= 0; n--) {
                if (operations[n] instanceof WeightOperation w) {
                    w.sense(training, sums.get(w));
                }
                operations[n].inputGradient(training);
            }
        }
        sums.forEach((w, s) -> w.senseEnd(training, s));
    }

    @Override
    public void close() {
        // Nothing outside the heap.
    }
}
