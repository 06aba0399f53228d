// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.Map;
import java.util.stream.Stream;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.stage.operation.Borrow;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.Operation;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Train;

/**
 * How much arithmetic a stage is, in multiply-adds of dense networks. With f the multiply-adds of
 * one sample's forward pass, n training samples (v of them held out), m test samples:
 *
 * <pre>
 *   one epoch of training    (n - v) 3 f  +  (v + m) f     forward and two backward products; evaluation
 *   a pruning, a noise       m f  +  s f                   the test set after it; s scoring samples
 *   a restoring, a borrowing  m f
 *   measuring on training    (n - v) f
 *   measuring on test        0                             it is seen in the evaluation above
 * </pre>
 *
 * It orders work and gives a time to expect; it is no measurement. Scoring counts as one pass over
 * the test set, whatever the method.
 */
public final class WorkEstimate {
    /**
     * Multiply-adds a second of one slot, for the time that a plan prints: what engine vector
     * reached on dense LeNet-300-100 at batch 64 on one core of a server of 2023. Pruned networks
     * are faster, other engines and machines without 512-bit vectors slower.
     */
    static final double MULTIPLY_ADDS_PER_SECOND = 50e9;

    private final Map<String, DatasetInfo> datasets;
    private final Map<String, Architecture> architectures;

    /**
     * An estimate over what is known of data and networks.
     *
     * @param datasets by name
     * @param architectures by their canonical text
     */
    WorkEstimate(Map<String, DatasetInfo> datasets, Map<String, Architecture> architectures) {
        this.datasets = Map.copyOf(datasets);
        this.architectures = Map.copyOf(architectures);
    }

    /** Multiply-adds of a segment; what its needs have done does not count. */
    public double of(Segment segment) {
        return Stream.concat(segment.stages().stream(), segment.measures().stream())
                .mapToDouble(this::of)
                .sum();
    }

    /** Multiply-adds of a cell that shares nothing with others. */
    double alone(PlannedCell cell) {
        return Stream.concat(cell.leaf().path().stream(), cell.programme().measures().stream())
                .mapToDouble(this::of)
                .sum();
    }

    /** Multiply-adds of a stage from its inputs. */
    public double of(Stage stage) {
        Operation operation = stage.operation();
        if (operation instanceof Train train) {
            Counts n = counts(stage);
            return train.epochs() * forward(stage) * (3 * n.trained + n.held + n.test);
        }
        if (operation instanceof Prune || operation instanceof Perturb) {
            return 2 * forward(stage) * counts(stage).test;
        }
        if (operation instanceof Restore || operation instanceof Borrow) {
            return forward(stage) * counts(stage).test;
        }
        if (operation instanceof Measure measure && measure.what() == Measure.What.TRAIN) {
            return forward(stage) * counts(stage).trained;
        }
        return 0;
    }

    /** Samples that are trained on, held out, and tested on. */
    private record Counts(double trained, double held, double test) {}

    private Counts counts(Stage stage) {
        Data data = (Data) stage.data().orElseThrow().operation();
        DatasetInfo info = datasets.get(data.dataset());
        int held = Recipe.heldOut(data.validation(), info.trainSamples());
        return new Counts(info.trainSamples() - held, held, info.testSamples());
    }

    private double forward(Stage stage) {
        return architectures.get(stage.initial().structure()).multiplyAdds();
    }
}
