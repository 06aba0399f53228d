// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/**
 * What every engine must compute, in double precision and plain loops: forward and backward through
 * each layer, written from the Javadoc of {@link org.espalier.experiments.network.Layer}, without
 * thought of speed. Checked itself by finite differences.
 */
final class ReferenceNetwork {
    final Architecture architecture;

    /** By tensor name, in the order of {@link Architecture#parameters()}. */
    final Map<String, double[]> parameters = new LinkedHashMap<>();

    private final Map<String, Shape> shapes;

    /** The network in training or in evaluation. */
    enum Mode {
        TRAINING,
        EVALUATION
    }

    ReferenceNetwork(Architecture architecture) {
        this.architecture = architecture;
        shapes = architecture.shapes();
        for (Parameter parameter : architecture.parameters()) {
            parameters.put(parameter.name(), new double[parameter.size()]);
        }
    }

    /** A forward pass of a batch, kept for its backward pass. */
    final class Pass {
        private final Map<String, double[][]> values = new HashMap<>();
        private final Map<String, ReferenceLayer> layers = new HashMap<>();
        final double[][] outputs;

        /** Derivatives by tensor name, after {@link #backward}. */
        final Map<String, double[]> gradient = new LinkedHashMap<>();

        /** Derivative by the output of each layer, shape [samples][size], after backward. */
        final Map<String, double[][]> deltas = new HashMap<>();

        /** Running statistics as the pass leaves them, by tensor name. */
        final Map<String, double[]> running = new HashMap<>();

        private Pass(double[][] inputs, Mode mode, RandomStream dropout) {
            values.put(Architecture.INPUT, inputs);
            for (Architecture.Node node : architecture.nodes()) {
                List<Shape> ins = node.inputs().stream().map(shapes::get).toList();
                ReferenceLayer layer =
                        ReferenceLayer.of(node, ins, shapes.get(node.name()), parameters);
                List<double[][]> ingoing = new ArrayList<>();
                for (String from : node.inputs()) {
                    ingoing.add(values.get(from));
                }
                values.put(node.name(), layer.forward(ingoing, mode, dropout, running));
                layers.put(node.name(), layer);
            }
            outputs = values.get(architecture.nodes().get(architecture.nodes().size() - 1).name());
        }

        /** Fills {@link #gradient} and {@link #deltas} from the derivatives by the outputs. */
        void backward(double[][] outputDelta) {
            gradient.clear();
            deltas.clear();
            List<Architecture.Node> nodes = architecture.nodes();
            for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
                deltas.put(entry.getKey(), new double[outputDelta.length][entry.getValue().size()]);
            }
            deltas.put(nodes.get(nodes.size() - 1).name(), outputDelta);
            for (Parameter parameter : architecture.parameters()) {
                if (parameter.role().trained()) {
                    gradient.put(parameter.name(), new double[parameter.size()]);
                }
            }
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Architecture.Node node = nodes.get(i);
                List<double[][]> back =
                        layers.get(node.name()).backward(deltas.get(node.name()), gradient);
                for (int j = 0; j < back.size(); j++) {
                    add(deltas.get(node.inputs().get(j)), back.get(j));
                }
            }
        }

        private static void add(double[][] sum, double[][] summand) {
            for (int n = 0; n < sum.length; n++) {
                for (int i = 0; i < sum[n].length; i++) {
                    sum[n][i] += summand[n][i];
                }
            }
        }
    }

    /** Runs a batch forward; {@code dropout} may be null in evaluation. */
    Pass forward(double[][] inputs, Mode mode, RandomStream dropout) {
        return new Pass(inputs, mode, dropout);
    }

    /** Sum of the samples' losses; {@code delta} receives the gradient of their mean. */
    double loss(double[][] outputs, double[][] targets, double[][] delta) {
        double sum = 0;
        int count = outputs.length;
        for (int n = 0; n < count; n++) {
            double[] y = outputs[n];
            double[] p = softmax(y);
            for (int k = 0; k < y.length; k++) {
                if (architecture.loss() == Architecture.Loss.SQUARED_ERROR) {
                    double difference = y[k] - targets[n][k];
                    sum += difference * difference / y.length;
                    delta[n][k] = 2 * difference / y.length / count;
                } else {
                    sum -= targets[n][k] == 0 ? 0 : Math.log(p[k]); // targets are one-hot
                    delta[n][k] = (p[k] - targets[n][k]) / count;
                }
            }
        }
        return sum;
    }

    static double[] softmax(double[] y) {
        double[] p = new double[y.length];
        double sum = 0;
        for (int k = 0; k < y.length; k++) {
            p[k] = Math.exp(y[k]);
            sum += p[k];
        }
        for (int k = 0; k < y.length; k++) {
            p[k] /= sum;
        }
        return p;
    }

    /** s0, s1 and s2 of {@link org.espalier.experiments.pruning.Sensitivity} of a layer. */
    record Moments(double[] s0, double[] s1, double[] s2) {}

    /** Second moments by layer name, each sample and each output by a backward pass of its own. */
    Map<String, Moments> sensitivity(double[][] inputs, boolean ofSoftmax) {
        Map<String, Moments> moments = new LinkedHashMap<>();
        for (Parameter weight : architecture.weights()) {
            int outputs = weight.dimensions()[0];
            moments.put(
                    weight.layer(),
                    new Moments(
                            new double[outputs],
                            new double[weight.size()],
                            new double[weight.size()]));
        }
        for (double[] input : inputs) {
            Pass pass = forward(new double[][] {input}, Mode.EVALUATION, null);
            double[] p = softmax(pass.outputs[0]);
            for (int k = 0; k < p.length; k++) {
                double[] seed = new double[p.length];
                for (int j = 0; j < p.length; j++) {
                    double same = j == k ? 1 : 0;
                    seed[j] = ofSoftmax ? p[k] * (same - p[j]) : same;
                }
                pass.backward(new double[][] {seed});
                moments.forEach((layer, m) -> add(pass, layer, m, inputs.length));
            }
        }
        return moments;
    }

    private static void add(Pass pass, String layer, Moments moments, int samples) {
        double[] delta = pass.deltas.get(layer)[0];
        double[] slope = pass.gradient.get(layer + ".weight");
        int outputs = moments.s0.length;
        int positions = delta.length / outputs;
        int inputs = slope.length / outputs;
        for (int i = 0; i < outputs; i++) {
            double bias = 0;
            for (int p = 0; p < positions; p++) {
                bias += delta[i * positions + p];
            }
            moments.s0[i] += bias * bias / samples;
            for (int j = 0; j < inputs; j++) {
                double s = slope[i * inputs + j];
                moments.s1[i * inputs + j] += s * bias / samples;
                moments.s2[i * inputs + j] += s * s / samples;
            }
        }
    }
}
