// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;

/** What a method that compensates adds to the biases: sums in double, rounded once. */
record BiasShifts(Map<String, float[]> byBias, OptionalDouble norm, List<String> notes) {

    /**
     * The shifts {@code sum_j db_ij} over the weights of row i that {@code before} keeps and {@code
     * after} does not. A layer without bias takes no shift, which is noted.
     *
     * @param shifts db_ij of each prunable tensor; empty where the method moves no bias
     * @throws UnrankableScoreException if the shift of a newly pruned weight is not finite
     */
    static BiasShifts of(
            Architecture architecture,
            List<Parameter> prunable,
            List<float[]> shifts,
            List<Mask> before,
            List<Mask> after) {
        if (shifts.isEmpty()) {
            return new BiasShifts(Map.of(), OptionalDouble.empty(), List.of());
        }
        Set<String> known =
                architecture.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        Map<String, float[]> byBias = new LinkedHashMap<>();
        List<String> without = new ArrayList<>();
        double squares = 0;
        for (int t = 0; t < prunable.size(); t++) {
            Parameter weights = prunable.get(t);
            int rows = weights.dimensions()[0];
            Parameter bias = new Parameter(weights.layer(), Parameter.Role.BIAS, rows);
            if (!known.contains(bias.name())) {
                without.add(weights.layer());
                continue;
            }
            double[] sums = sums(weights, shifts.get(t), before.get(t), after.get(t));
            float[] rounded = new float[rows];
            for (int i = 0; i < rows; i++) {
                rounded[i] = (float) sums[i];
                squares += sums[i] * sums[i];
            }
            byBias.put(bias.name(), rounded);
        }
        List<String> notes =
                without.isEmpty()
                        ? List.of()
                        : List.of(
                                "no compensation in layers without bias: "
                                        + String.join(", ", without));
        return new BiasShifts(byBias, OptionalDouble.of(Math.sqrt(squares)), notes);
    }

    /** Euclidean norm of the shifts beside some weights; null where their biases are not moved. */
    Double normOf(Parameter weights) {
        float[] moved =
                byBias.get(
                        new Parameter(weights.layer(), Parameter.Role.BIAS, weights.dimensions()[0])
                                .name());
        if (moved == null) {
            return null;
        }
        double squares = 0;
        for (float shift : moved) {
            squares += (double) shift * shift;
        }
        return Math.sqrt(squares);
    }

    private static double[] sums(Parameter weights, float[] shifts, Mask before, Mask after) {
        double[] sums = new double[weights.dimensions()[0]];
        for (int i = before.nextKept(0); i >= 0; i = before.nextKept(i + 1)) {
            if (!after.keeps(i)) {
                if (!Float.isFinite(shifts[i])) {
                    throw new UnrankableScoreException("shift", weights.name(), i, shifts[i]);
                }
                sums[i / weights.fanIn()] += shifts[i];
            }
        }
        return sums;
    }
}
