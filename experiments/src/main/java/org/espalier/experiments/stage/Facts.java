// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import java.util.List;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Layer;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.stage.operation.Drops;
import org.espalier.experiments.sweep.Cell;

/**
 * What is known of a cell before anything runs: facts of its data set and its network.
 *
 * @param task {@code classification} or {@code regression}
 * @param classes null for a regression
 * @param parameters all trained parameters
 * @param layers prunable layers in their order
 * @param sparsityAsked pruned over prunable weights, before rounding; not a number until the
 *     schedule has worked it out, where the ratio does not say it
 * @param dropout highest rate of a layer; 0 where none drops
 */
public record Facts(
        String task,
        Integer classes,
        long parameters,
        List<PrunableLayer> layers,
        double sparsityAsked,
        double dropout)
        implements Serializable {
    /** Of a data set with labels. */
    public static final String CLASSIFICATION = "classification";

    /** Of a data set with values as targets. */
    public static final String REGRESSION = "regression";

    /** A layer and how many prunable weights it has. */
    public record PrunableLayer(String layer, int weights) implements Serializable {}

    public Facts {
        layers = List.copyOf(layers);
    }

    /**
     * Facts of a cell on its network.
     *
     * @throws IllegalArgumentException if the recipe leaves no weight to prune, or the ratio is a
     *     compression that cannot be reached
     */
    public static Facts of(Cell cell, Architecture network) {
        boolean classes = network.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        List<Parameter> prunable =
                new Pruner(network, cell.recipe().scope(), cell.recipe().outputLayer()).prunable();
        int weights = prunable.stream().mapToInt(Parameter::size).reduce(0, Math::addExact);
        return new Facts(
                classes ? CLASSIFICATION : REGRESSION,
                classes ? network.outputs() : null,
                network.parameterCount(),
                prunable.stream().map(p -> new PrunableLayer(p.layer(), p.size())).toList(),
                cell.ratio().kind() == Ratio.Kind.LEVELS
                                || cell.recipe().schedule() instanceof ScheduleSettings.Ramp ramp
                                        && !ramp.layers().isEmpty()
                        ? Double.NaN
                        : cell.ratio().sparsity(weights, network.parameterCount()),
                dropout(network));
    }

    /** The same where so much is asked for. */
    public Facts asking(double sparsity) {
        return new Facts(task, classes, parameters, layers, sparsity, dropout);
    }

    /** Whether the network draws dropout masks. */
    public Drops drops() {
        return dropout > 0 ? Drops.SOME : Drops.NOTHING;
    }

    private static double dropout(Architecture network) {
        return network.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Layer.Dropout.class::isInstance)
                .mapToDouble(layer -> ((Layer.Dropout) layer).rate())
                .max()
                .orElse(0);
    }

    /** Whether the data set has labels. */
    public boolean isClassification() {
        return task.equals(CLASSIFICATION);
    }

    /** All prunable weights. */
    public long prunableWeights() {
        return layers.stream().mapToLong(PrunableLayer::weights).sum();
    }
}
