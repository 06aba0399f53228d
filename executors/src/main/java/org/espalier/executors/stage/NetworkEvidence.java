// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.executors.engine.Network;
import org.espalier.executors.train.CellData;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.espalier.experiments.stage.operation.Choice;

/**
 * What a method asks of a network as it stands. A gradient over more samples than one pass takes,
 * or over several mini-batches, is the mean over passes, weighted by their samples. Counts what was
 * looked at.
 */
final class NetworkEvidence implements Evidence {
    /** Samples of one pass of scoring; part of the arithmetic, whatever evaluation takes. */
    static final int BATCH = 256;

    private final Network network;
    private final CellData data;
    private final List<Parameter> prunable;
    private final Choice choice;
    private final int event;
    private int samplesScored;
    private int batchesScored;

    /**
     * @param prunable tensors that are ranked
     * @param event interventions that took scores before this one: index of the random streams
     */
    NetworkEvidence(
            Network network, CellData data, List<Parameter> prunable, Choice choice, int event) {
        this.network = network;
        this.data = data;
        this.prunable = prunable;
        this.choice = choice;
        this.event = event;
    }

    /** Training samples that were looked at, in each mini-batch anew. */
    int samplesScored() {
        return samplesScored;
    }

    /** Passes over the network that took. */
    int batchesScored() {
        return batchesScored;
    }

    @Override
    public List<Tensor> weights() {
        return prunable(network.parameters());
    }

    @Override
    public List<Tensor> gradient(int samples, int batches) {
        RandomStream order = scoring();
        RandomStream dropout =
                new Streams(choice.dropoutSeed().orZero()).of(Streams.Purpose.DROPOUT, -1L - event);
        int size = Math.min(samples, data.trainRows().length);
        int whole = Math.multiplyExact(size, batches);
        List<Tensor> mean = null;
        int[] rows = {};
        int next = 0;
        for (int batch = 0; batch < batches; batch++) {
            if (rows.length - next < size) {
                rows = drawn(order, data.trainRows().length);
                next = 0;
            }
            int end = next + size;
            for (int count; next < end; next += count) {
                count = Math.min(BATCH, end - next);
                List<Tensor> part =
                        prunable(network.gradient(data.train(), rows, next, count, dropout));
                mean = count == whole ? part : add(mean, part, (float) count / whole);
                batchesScored++;
            }
        }
        samplesScored = Math.max(samplesScored, whole);
        return mean;
    }

    private static List<Tensor> add(List<Tensor> sum, List<Tensor> part, float weight) {
        List<Tensor> result = new ArrayList<>();
        for (int t = 0; t < part.size(); t++) {
            float[] values = part.get(t).values();
            for (int i = 0; i < values.length; i++) {
                float before = sum == null ? 0 : sum.get(t).values()[i];
                values[i] = before + weight * values[i];
            }
            result.add(part.get(t));
        }
        return result;
    }

    @Override
    public List<Sensitivity> sensitivity(int samples, Output of) {
        int[] rows = drawn(samples);
        batchesScored += passes(rows);
        List<String> layers = prunable.stream().map(Parameter::layer).toList();
        return network.sensitivity(data.train(), rows, 0, rows.length, of).stream()
                .filter(s -> layers.contains(s.layer()))
                .toList();
    }

    @Override
    public boolean hasBias(String layer) {
        return network.architecture().parameters().stream()
                .anyMatch(p -> p.layer().equals(layer) && p.role() == Parameter.Role.BIAS);
    }

    @Override
    public List<Tensor> fisherDiagonal(int samples) {
        int[] rows = drawn(samples);
        batchesScored += passes(rows);
        return prunable(network.fisherDiagonal(data.train(), rows, 0, rows.length));
    }

    @Override
    public List<Tensor> hessianProduct(int samples, List<Tensor> direction) {
        int[] rows = drawn(samples);
        batchesScored += passes(rows);
        List<Tensor> whole = new ArrayList<>();
        for (Parameter parameter : network.architecture().parameters()) {
            if (parameter.role().trained()) {
                whole.add(
                        direction.stream()
                                .filter(t -> t.name().equals(parameter.name()))
                                .findFirst()
                                .orElseGet(
                                        () ->
                                                new Tensor(
                                                        parameter.name(),
                                                        parameter.dimensions(),
                                                        new float[parameter.size()])));
            }
        }
        return prunable(network.hessianProduct(data.train(), rows, 0, rows.length, whole));
    }

    private static int passes(int[] rows) {
        return (rows.length + BATCH - 1) / BATCH;
    }

    @Override
    public RandomStream random() {
        return new Streams(choice.maskSeed().orZero()).of(Streams.Purpose.PRUNING, event);
    }

    private RandomStream scoring() {
        return new Streams(choice.scoringSeed().orZero()).of(Streams.Purpose.SCORING, event);
    }

    private int[] drawn(int samples) {
        int[] drawn = drawn(scoring(), samples);
        samplesScored = Math.max(samplesScored, drawn.length);
        return drawn;
    }

    /** The first of an order of the training rows, or all. */
    private int[] drawn(RandomStream stream, int samples) {
        int[] rows = data.trainRows();
        int[] order = stream.permutation(rows.length);
        return IntStream.range(0, Math.min(samples, rows.length))
                .map(i -> rows[order[i]])
                .toArray();
    }

    private List<Tensor> prunable(List<Tensor> tensors) {
        List<Tensor> chosen = new ArrayList<>();
        for (Parameter parameter : prunable) {
            chosen.add(
                    tensors.stream()
                            .filter(t -> t.name().equals(parameter.name()))
                            .findFirst()
                            .orElseThrow());
        }
        return chosen;
    }
}
