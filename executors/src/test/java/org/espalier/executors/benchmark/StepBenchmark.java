// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/**
 * Trains one network in turns that are asked for on standard input, so that another process can be
 * timed in between. Answers are lines of JSON. The first says what runs; then
 *
 * <pre>
 *   steps N      {"ms": milliseconds of a step, the mean over N, "cpu": of the processor's time}
 *   accuracy N   {"accuracy": on unseen samples, after N steps from new weights}
 * </pre>
 *
 * Arguments: engine, architecture, shape as 1x28x28, batch size, kept fraction of each weight
 * tensor, file for the samples. The samples are made and written to the file first.
 */
public final class StepBenchmark {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int TRAIN = 8192;
    private static final int TEST = 2048;

    private final Network network;
    private final Architecture architecture;
    private final Samples samples;
    private final int batch;
    private final double kept;
    private int[] order = {};
    private int from;
    private long epoch;

    private StepBenchmark(
            Engine engine, Architecture architecture, Samples samples, int batch, double kept) {
        this.architecture = architecture;
        this.samples = samples;
        this.batch = batch;
        this.kept = kept;
        network = engine.compile(architecture, batch);
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        if (args.length != 6) {
            throw new IllegalArgumentException(
                    "expected engine, architecture, shape, batch, kept, file; got " + args.length);
        }
        String[] extents = args[2].split("x");
        Shape shape =
                new Shape(
                        Integer.parseInt(extents[0]),
                        Integer.parseInt(extents[1]),
                        Integer.parseInt(extents[2]));
        Architecture architecture =
                Architectures.create(
                        args[1],
                        shape,
                        BenchmarkData.CLASSES,
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        Samples samples = BenchmarkData.make(shape, TRAIN + TEST, 1);
        BenchmarkData.write(samples, Path.of(args[5]));
        Engine engine = Engines.named(args[0]);
        StepBenchmark benchmark =
                new StepBenchmark(
                        engine,
                        architecture,
                        samples,
                        Integer.parseInt(args[3]),
                        Double.parseDouble(args[4]));
        System.out.printf(
                Locale.ROOT,
                "{\"build\": \"%s %s, %s\"}%n",
                engine.id(),
                engine.numerics(),
                engine.backend());
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        benchmark.start();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int steps = Integer.parseInt(words[1]);
            if (words[0].equals("steps")) {
                long cpu = SYSTEM.getProcessCpuTime();
                double ms = benchmark.time(steps);
                double cpuMs = (SYSTEM.getProcessCpuTime() - cpu) / 1e6 / steps;
                System.out.printf(Locale.ROOT, "{\"ms\": %.5f, \"cpu\": %.5f}%n", ms, cpuMs);
            } else {
                System.out.printf(Locale.ROOT, "{\"accuracy\": %.4f}%n", benchmark.learn(steps));
            }
        }
    }

    /** New weights as PyTorch's layers draw them: uniform in +-1 / sqrt(fan-in). */
    private void start() {
        List<Tensor> tensors = new ArrayList<>();
        RandomStream random = weights(architecture, tensors::add);
        network.load(tensors);
        Map<String, Mask> masks = new HashMap<>();
        for (Parameter p : kept < 1 ? architecture.weights() : List.<Parameter>of()) {
            float[] scores = new float[p.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = random.nextFloat();
            }
            int keep = (int) Math.round(kept * p.size());
            masks.put(p.name(), Mask.dense(p.size()).narrowTo(keep, scores));
        }
        network.mask(masks);
        network.train(
                new Optimizer.Adam(
                        new BigDecimal("0.9"), new BigDecimal("0.999"), new BigDecimal("1e-8")),
                WeightDecay.NONE);
        order = new int[0];
        epoch = 0;
    }

    /** Draws weights; the stream goes on after the last. */
    static RandomStream weights(Architecture architecture, Consumer<Tensor> each) {
        RandomStream random = new RandomStream(3);
        for (Parameter p : architecture.parameters()) {
            each.accept(new Tensor(p.name(), p.dimensions(), values(p, random)));
        }
        return random;
    }

    private static float[] values(Parameter p, RandomStream random) {
        float[] values = new float[p.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (p.role()) {
                        case WEIGHT ->
                                (float) ((2 * random.nextDouble() - 1) / Math.sqrt(p.fanIn()));
                        case SCALE, RUNNING_VARIANCE -> 1;
                        case BIAS, SHIFT, RUNNING_MEAN -> 0;
                    };
        }
        return values;
    }

    private void step() {
        if (from + batch > order.length) {
            order = new RandomStream(1000 + epoch++).permutation(TRAIN);
            from = 0;
        }
        network.step(samples, order, from, batch, 1e-3, new RandomStream(5));
        from += batch;
    }

    private double time(int steps) {
        long start = System.nanoTime();
        for (int s = 0; s < steps; s++) {
            step();
        }
        return (System.nanoTime() - start) / 1e6 / steps;
    }

    private double learn(int steps) {
        start();
        time(steps);
        int[] rows = new int[TEST];
        for (int n = 0; n < TEST; n++) {
            rows[n] = TRAIN + n;
        }
        float[] outputs = new float[TEST * BenchmarkData.CLASSES];
        network.outputs(samples, rows, 0, TEST, outputs);
        int correct = 0;
        int[] labels = ((Targets.Labels) samples.targets()).labels();
        for (int n = 0; n < TEST; n++) {
            int best = 0;
            for (int k = 1; k < BenchmarkData.CLASSES; k++) {
                int at = n * BenchmarkData.CLASSES;
                best = outputs[at + k] > outputs[at + best] ? k : best;
            }
            correct += best == labels[rows[n]] ? 1 : 0;
        }
        return (double) correct / TEST;
    }
}
