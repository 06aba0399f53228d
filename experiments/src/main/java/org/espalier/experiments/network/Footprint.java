// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.Comparator;
import java.util.Optional;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.results.text.Text;

/**
 * What any engine must hold of a network to train it, in numbers of four bytes: the least, not what
 * it takes. With P parameters, s of them again in the optimiser's state, b samples in a batch and A
 * outputs of all layers for one sample:
 *
 * <pre>
 *   P (2 + s) + b A         weights, gradients, state; outputs of every layer for the way back
 * </pre>
 *
 * @param architecture that is trained
 * @param optimizer whose state is kept: 0, 1 or 2 numbers a parameter
 * @param batch samples in the largest batch
 */
public record Footprint(Architecture architecture, Optimizer optimizer, int batch) {
    private static final int BYTES = 4;

    /** What the JVM can hold in one array, a little less than 2^31. */
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

    /** Bytes. */
    public double bytes() {
        double outputs = architecture.shapes().values().stream().mapToDouble(Shape::size).sum();
        return BYTES * (architecture.parameterCount() * (2.0 + states()) + batch * outputs);
    }

    private int states() {
        if (optimizer instanceof Optimizer.Adam) {
            return 2;
        }
        return optimizer instanceof Optimizer.Sgd sgd && !sgd.hasMomentum() ? 0 : 1;
    }

    /** What is more than any array holds, whatever the machine; empty where all fits. */
    public Optional<String> tooLarge() {
        Optional<Parameter> largest =
                architecture.parameters().stream().max(Comparator.comparingLong(Parameter::count));
        if (largest.isPresent() && largest.get().count() > MOST_ELEMENTS) {
            return Optional.of(
                    Text.of(
                            "%s has %,d elements, and a tensor holds at most %,d",
                            largest.get().name(), largest.get().count(), MOST_ELEMENTS));
        }
        if (architecture.parameterCount() > MOST_ELEMENTS) {
            return Optional.of(
                    Text.of(
                            "it has %,d parameters, and a ranking takes at most %,d",
                            architecture.parameterCount(), MOST_ELEMENTS));
        }
        return architecture.shapes().entrySet().stream()
                .filter(e -> (long) e.getValue().size() * batch > MOST_ELEMENTS)
                .findFirst()
                .map(
                        e ->
                                Text.of(
                                        "%s has %,d elements for a batch of %,d, and a tensor holds at most %,d",
                                        e.getKey(),
                                        (long) e.getValue().size() * batch,
                                        batch,
                                        MOST_ELEMENTS));
    }
}
