// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.network.Architecture.Node;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Layer.Activation;
import org.espalier.experiments.network.Layer.Activation.Function;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/**
 * Whole trainings that between them run every kernel in every form: dense, then pruned by half
 * (masked) and by nine tenths (compressed), with the short last batch and an evaluation; and the
 * Fisher diagonals and Hessian products of the same networks. A program of its own too: prints one
 * hash a line, so that another JVM with another width can be asked, or what hinders the engine.
 */
final class TrainingBits {
    private TrainingBits() {}

    private static final Optimizer ADAM = VectorNetworkTest.ADAM;
    private static final Optimizer NESTEROV = new Optimizer.Nesterov(new BigDecimal("0.9"));
    private static final WeightDecay COUPLED =
            new WeightDecay(new BigDecimal("0.001"), WeightDecay.Kind.COUPLED);
    private static final WeightDecay DECOUPLED =
            new WeightDecay(new BigDecimal("0.01"), WeightDecay.Kind.DECOUPLED);

    public static void main(String[] args) {
        VectorEngine engine = new VectorEngine();
        if (engine.hindrance().isPresent()) {
            System.out.println(engine.hindrance().get());
            return;
        }
        all(engine).forEach((name, hash) -> System.out.println(name + " " + hash));
    }

    /** Hash of the final parameters and outputs of each training, by its name. */
    static Map<String, String> all(VectorEngine engine) {
        Samples flat = Networks.images(1, Shape.flat(37), 5, 75);
        Samples images = Networks.images(2, new Shape(2, 9, 9), 4, 29);
        return Map.of(
                "mlp", bits(engine, Networks.mlp(37, 41, 18, 5), flat, 32, ADAM, COUPLED),
                "regression", regression(engine),
                "lenet", bits(engine, lenet(), images, 16, NESTEROV, DECOUPLED),
                "wide", bits(engine, wide(), images, 16, new Optimizer.Sgd(), COUPLED),
                "residual", bits(engine, residual(), images, 16, NESTEROV, COUPLED),
                "curvature", curvature(engine, flat, images));
    }

    /** Fisher diagonals and Hessian products of untrained networks in every form. */
    private static String curvature(VectorEngine engine, Samples flat, Samples images) {
        MessageDigest hash = sha256();
        addCurvature(hash, engine, Networks.mlp(37, 41, 18, 5), flat);
        addCurvature(hash, engine, tanh(), Networks.curves(3, 6, 2, 50));
        for (Architecture architecture : List.of(lenet(), wide(), residual())) {
            addCurvature(hash, engine, architecture, images);
        }
        return HexFormat.of().formatHex(hash.digest(), 0, 8);
    }

    private static void addCurvature(
            MessageDigest hash, VectorEngine engine, Architecture architecture, Samples samples) {
        int[] rows = Networks.rows(samples.count());
        try (Network network = engine.compile(architecture, 16)) {
            network.load(Networks.initial(5, architecture));
            List<Tensor> direction = network.gradient(samples, rows, 0, 8, new RandomStream(12));
            for (double density : new double[] {1, 0.5, 0.1}) {
                network.mask(Networks.masks(8, architecture, density));
                for (Tensor tensor : network.fisherDiagonal(samples, rows, 0, rows.length)) {
                    add(hash, tensor.values());
                }
                for (Tensor tensor :
                        network.hessianProduct(samples, rows, 0, rows.length, direction)) {
                    add(hash, tensor.values());
                }
            }
        }
    }

    private static String regression(VectorEngine engine) {
        return bits(engine, tanh(), Networks.curves(3, 6, 2, 50), 20, ADAM, WeightDecay.NONE);
    }

    private static Architecture tanh() {
        return Networks.chain(
                "tanh",
                Shape.flat(6),
                Loss.SQUARED_ERROR,
                new Layer.Dense(20),
                new Activation(Function.TANH),
                new Layer.Dense(9),
                new Activation(Function.SIGMOID),
                new Layer.Dense(2));
    }

    private static Architecture lenet() {
        return Networks.chain(
                "lenet",
                new Shape(2, 9, 9),
                Loss.SOFTMAX_CROSS_ENTROPY,
                new Layer.Convolution(6, 3, 1, 1, true),
                new Activation(Function.RELU),
                new Layer.MaxPool(2, 2),
                new Layer.Convolution(5, 3, 1, 0, true),
                new Activation(Function.RELU),
                new Layer.Dropout(0.3),
                new Layer.Dense(4));
    }

    private static Architecture wide() {
        return Networks.chain(
                "wide",
                new Shape(2, 9, 9),
                Loss.SOFTMAX_CROSS_ENTROPY,
                new Layer.Convolution(6, 3, 1, 1, true),
                new Layer.Convolution(64, 3, 2, 1, true),
                new Activation(Function.RELU),
                new Layer.AveragePool(2, 2),
                new Layer.Dense(4));
    }

    private static Architecture residual() {
        return new Architecture(
                "residual",
                new Shape(2, 9, 9),
                List.of(
                        new Node("c0", new Layer.Convolution(4, 3, 1, 1, false), List.of("input")),
                        new Node("n0", new Layer.BatchNorm(), List.of("c0")),
                        new Node("r0", new Activation(Function.RELU), List.of("n0")),
                        new Node("c1", new Layer.Convolution(8, 3, 2, 1, false), List.of("r0")),
                        new Node("n1", new Layer.BatchNorm(), List.of("c1")),
                        new Node("s", new Layer.Shortcut(8, 2), List.of("r0")),
                        new Node("a", new Layer.Add(), List.of("n1", "s")),
                        new Node("r1", new Activation(Function.RELU), List.of("a")),
                        new Node("p", new Layer.AveragePool(5, 5), List.of("r1")),
                        new Node("f", new Layer.Dense(4), List.of("p"))),
                Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static String bits(
            VectorEngine engine,
            Architecture architecture,
            Samples samples,
            int batch,
            Optimizer optimizer,
            WeightDecay decay) {
        MessageDigest hash = sha256();
        try (Network network = engine.compile(architecture, batch)) {
            network.load(Networks.initial(5, architecture));
            network.train(optimizer, decay);
            Networks.train(network, samples, batch, 2, 0.01, 7);
            network.mask(Networks.masks(8, architecture, 0.5));
            Networks.train(network, samples, batch, 2, 0.01, 9);
            network.mask(Networks.masks(8, architecture, 0.1));
            Networks.train(network, samples, batch, 2, 0.01, 11);
            for (Tensor tensor : network.parameters()) {
                add(hash, tensor.values());
            }
            float[] outputs = new float[samples.count() * architecture.outputs()];
            int[] rows = Networks.rows(samples.count());
            network.outputs(samples, rows, 0, samples.count(), outputs);
            add(hash, outputs);
        }
        return HexFormat.of().formatHex(hash.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static void add(MessageDigest hash, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (float value : values) {
            if (Float.isNaN(value)) {
                throw new AssertionError("the training diverged");
            }
            bytes.putFloat(value);
        }
        hash.update(bytes.array());
    }
}
