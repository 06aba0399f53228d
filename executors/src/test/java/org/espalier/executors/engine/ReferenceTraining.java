// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/** Training of a {@link ReferenceNetwork}, from the formulas of {@link Optimizer}, in double. */
final class ReferenceTraining {
    final ReferenceNetwork network;
    private final Map<String, Mask> masks;
    private final Optimizer optimizer;
    private final WeightDecay decay;
    private final Map<String, double[]> first = new HashMap<>();
    private final Map<String, double[]> second = new HashMap<>();
    private int updates;

    ReferenceTraining(
            Architecture architecture,
            List<Tensor> parameters,
            Map<String, Mask> masks,
            Optimizer optimizer,
            WeightDecay decay) {
        network = new ReferenceNetwork(architecture);
        this.masks = masks;
        this.optimizer = optimizer;
        this.decay = decay;
        for (Tensor tensor : parameters) {
            double[] values = network.parameters.get(tensor.name());
            for (int i = 0; i < values.length; i++) {
                boolean kept =
                        !masks.containsKey(tensor.name()) || masks.get(tensor.name()).keeps(i);
                values[i] = kept ? tensor.values()[i] : 0;
            }
            first.put(tensor.name(), new double[values.length]);
            second.put(tensor.name(), new double[values.length]);
        }
    }

    static double[][] inputs(Samples samples, int[] rows, int from, int count) {
        int size = samples.features().shape().size();
        float[] row = new float[size];
        double[][] inputs = new double[count][size];
        for (int n = 0; n < count; n++) {
            samples.features().copy(rows[from + n], row, 0);
            for (int i = 0; i < size; i++) {
                inputs[n][i] = row[i];
            }
        }
        return inputs;
    }

    static double[][] targets(Samples samples, int[] rows, int from, int count) {
        int size = samples.targets().outputs();
        double[][] targets = new double[count][size];
        for (int n = 0; n < count; n++) {
            for (int k = 0; k < size; k++) {
                targets[n][k] =
                        samples.targets() instanceof Targets.Labels labels
                                ? labels.labels()[rows[from + n]] == k ? 1 : 0
                                : ((Targets.Values) samples.targets())
                                        .values()[rows[from + n] * size + k];
            }
        }
        return targets;
    }

    /** A pass of a batch in training mode, forward and backward. */
    ReferenceNetwork.Pass pass(
            Samples samples, int[] rows, int from, int count, RandomStream dropout) {
        ReferenceNetwork.Pass pass =
                network.forward(
                        inputs(samples, rows, from, count),
                        ReferenceNetwork.Mode.TRAINING,
                        dropout);
        double[][] delta = new double[count][pass.outputs[0].length];
        network.loss(pass.outputs, targets(samples, rows, from, count), delta);
        pass.backward(delta);
        return pass;
    }

    /** One update; returns the sum of the losses before it. */
    double step(
            Samples samples, int[] rows, int from, int count, double rate, RandomStream dropout) {
        ReferenceNetwork.Pass pass = pass(samples, rows, from, count, dropout);
        double loss =
                network.loss(
                        pass.outputs,
                        targets(samples, rows, from, count),
                        new double[count][pass.outputs[0].length]);
        updates++;
        network.parameters.putAll(pass.running);
        pass.gradient.forEach((name, gradient) -> update(name, gradient, rate));
        return loss;
    }

    private void update(String name, double[] gradient, double rate) {
        double[] w = network.parameters.get(name);
        double[] m = first.get(name);
        double[] v = second.get(name);
        double c = name.endsWith(".weight") ? decay.coefficient().doubleValue() : 0;
        for (int i = 0; i < w.length; i++) {
            double g = gradient[i];
            if (decay.kind() == WeightDecay.Kind.COUPLED) {
                g += c * w[i];
            } else {
                w[i] -= rate * c * w[i];
            }
            if (optimizer instanceof Optimizer.Adam adam) {
                double b1 = adam.beta1().doubleValue();
                double b2 = adam.beta2().doubleValue();
                m[i] = b1 * m[i] + (1 - b1) * g;
                v[i] = b2 * v[i] + (1 - b2) * g * g;
                double mean = m[i] / (1 - Math.pow(b1, updates));
                double square = v[i] / (1 - Math.pow(b2, updates));
                w[i] -= rate * mean / (Math.sqrt(square) + adam.epsilon().doubleValue());
            } else if (optimizer instanceof Optimizer.Nesterov nesterov) {
                double momentum = nesterov.momentum().doubleValue();
                v[i] = momentum * v[i] + g;
                w[i] -= rate * (g + momentum * v[i]);
            } else if (optimizer instanceof Optimizer.Sgd sgd && sgd.hasMomentum()) {
                v[i] = sgd.momentum().doubleValue() * v[i] + g;
                w[i] -= rate * v[i];
            } else {
                w[i] -= rate * g;
            }
            if (masks.containsKey(name) && !masks.get(name).keeps(i)) {
                w[i] = 0;
                m[i] = 0;
                v[i] = 0;
            }
        }
    }
}
