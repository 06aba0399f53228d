// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.results.text.Text;

/** Checks of lists of named tensors that come from outside an engine. */
public final class Tensors {
    private Tensors() {}

    /** The tensor of this name; the list has one, as {@link #requireSame} saw. */
    public static Tensor named(List<Tensor> tensors, String name) {
        for (Tensor tensor : tensors) {
            if (tensor.name().equals(name)) {
                return tensor;
            }
        }
        throw new IllegalArgumentException("there is no tensor " + name);
    }

    /** Tensors of zeros for these parameters. */
    public static List<Tensor> zeros(List<Parameter> parameters) {
        return parameters.stream()
                .map(p -> new Tensor(p.name(), p.dimensions(), new float[p.size()]))
                .toList();
    }

    /**
     * Tensors of a network's trained parameters, whose values are these sums over so many samples.
     *
     * @param sums by the name of the parameter
     */
    public static List<Tensor> means(
            Architecture architecture, Map<String, double[]> sums, int samples) {
        return architecture.parameters().stream()
                .filter(p -> p.role().trained())
                .map(p -> mean(p, sums.get(p.name()), samples))
                .toList();
    }

    private static Tensor mean(Parameter parameter, double[] sums, int samples) {
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / samples);
        }
        return new Tensor(parameter.name(), parameter.dimensions(), means);
    }

    /**
     * Requires a direction to have a tensor for each trained parameter of a network.
     *
     * @throws IllegalArgumentException as {@link #requireSame}
     */
    public static void requireDirection(Architecture architecture, List<Tensor> direction) {
        List<Parameter> trained =
                architecture.parameters().stream().filter(p -> p.role().trained()).toList();
        requireSame("direction in " + architecture.name(), zeros(trained), direction);
    }

    /**
     * Requires the same names with the same shapes, in any order.
     *
     * @param what for the message
     * @throws IllegalArgumentException if a tensor is missing, unknown, double or of another shape
     */
    public static void requireSame(String what, List<Tensor> expected, List<Tensor> actual) {
        Set<String> unseen = new HashSet<>();
        for (Tensor tensor : actual) {
            if (!unseen.add(tensor.name())) {
                throw new IllegalArgumentException(
                        Text.of("%s has two tensors called %s", what, tensor.name()));
            }
        }
        for (Tensor want : expected) {
            if (!unseen.remove(want.name())) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%s lacks tensor %s of shape %s",
                                what, want.name(), Arrays.toString(want.dimensions())));
            }
            Tensor got = named(actual, want.name());
            if (!Arrays.equals(want.dimensions(), got.dimensions())) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%s: tensor %s should have shape %s, has %s",
                                what,
                                want.name(),
                                Arrays.toString(want.dimensions()),
                                Arrays.toString(got.dimensions())));
            }
        }
        if (!unseen.isEmpty()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s has unknown tensors %s; known: %s",
                            what,
                            unseen.stream().sorted().toList(),
                            expected.stream().map(Tensor::name).toList()));
        }
    }

    /**
     * Requires masks to be named after weights of a network and to have their sizes.
     *
     * @throws IllegalArgumentException if one does not
     */
    public static void requireMasksFit(Architecture architecture, Map<String, Mask> masks) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        architecture.weights().forEach(w -> sizes.put(w.name(), w.size()));
        masks.forEach(
                (name, mask) -> {
                    if (!sizes.containsKey(name)) {
                        throw new IllegalArgumentException(
                                Text.of(
                                        "%s has no weight %s to mask; known: %s",
                                        architecture.name(),
                                        name,
                                        String.join(", ", sizes.keySet())));
                    }
                    if (sizes.get(name) != mask.size()) {
                        throw new IllegalArgumentException(
                                Text.of(
                                        "mask of %s has %d weights, expected %d",
                                        name, mask.size(), sizes.get(name)));
                    }
                });
    }
}
