// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What engines must give for single samples and second order, from nothing but the gradients of a
 * {@link ReferenceNetwork} in evaluation mode: one sample at a time, and as their difference.
 */
final class ReferenceCurvature {
    final ReferenceNetwork network;
    private final double[][] inputs;
    private final double[][] targets;

    ReferenceCurvature(ReferenceNetwork network, double[][] inputs, double[][] targets) {
        this.network = network;
        this.inputs = inputs;
        this.targets = targets;
    }

    /** Mean loss. */
    double loss() {
        ReferenceNetwork.Pass pass = forward(inputs);
        return network.loss(pass.outputs, targets, like(pass.outputs)) / inputs.length;
    }

    /** Gradient of the mean loss. */
    Map<String, double[]> gradient() {
        return gradient(inputs, targets);
    }

    private ReferenceNetwork.Pass forward(double[][] of) {
        return network.forward(of, ReferenceNetwork.Mode.EVALUATION, null);
    }

    private static double[][] like(double[][] outputs) {
        return new double[outputs.length][outputs[0].length];
    }

    private Map<String, double[]> gradient(double[][] of, double[][] to) {
        ReferenceNetwork.Pass pass = forward(of);
        double[][] delta = like(pass.outputs);
        network.loss(pass.outputs, to, delta);
        pass.backward(delta);
        return pass.gradient;
    }

    /** Mean over the samples of the squares of their own gradients. */
    Map<String, double[]> fisherDiagonal() {
        Map<String, double[]> fisher = new LinkedHashMap<>();
        for (int n = 0; n < inputs.length; n++) {
            gradient(new double[][] {inputs[n]}, new double[][] {targets[n]})
                    .forEach(
                            (name, slopes) -> {
                                double[] of =
                                        fisher.computeIfAbsent(
                                                name, k -> new double[slopes.length]);
                                for (int i = 0; i < of.length; i++) {
                                    of[i] += slopes[i] * slopes[i] / inputs.length;
                                }
                            });
        }
        return fisher;
    }

    /**
     * Central difference of the gradient, {@code (g(w + r v) - g(w - r v)) / 2r}: its error is
     * about r^2 of the gradient's third derivatives and 1e-16 / r of the gradient, unless a kink
     * lies between.
     */
    Map<String, double[]> hessianProduct(Map<String, double[]> direction, double r) {
        Map<String, double[]> above = gradientAt(direction, r);
        Map<String, double[]> below = gradientAt(direction, -r);
        above.forEach(
                (name, slopes) -> {
                    for (int i = 0; i < slopes.length; i++) {
                        slopes[i] = (slopes[i] - below.get(name)[i]) / (2 * r);
                    }
                });
        return above;
    }

    private Map<String, double[]> gradientAt(Map<String, double[]> direction, double r) {
        Map<String, double[]> saved = move(direction, r);
        Map<String, double[]> gradient = gradient();
        network.parameters.putAll(saved);
        return gradient;
    }

    /** Mean loss at so many times the direction from here. */
    double lossAt(Map<String, double[]> direction, double r) {
        Map<String, double[]> saved = move(direction, r);
        double loss = loss();
        network.parameters.putAll(saved);
        return loss;
    }

    private Map<String, double[]> move(Map<String, double[]> direction, double r) {
        Map<String, double[]> saved = new LinkedHashMap<>();
        direction.forEach(
                (name, along) -> {
                    double[] values = network.parameters.get(name).clone();
                    saved.put(name, network.parameters.put(name, values));
                    for (int i = 0; i < values.length; i++) {
                        values[i] += r * along[i];
                    }
                });
        return saved;
    }
}
