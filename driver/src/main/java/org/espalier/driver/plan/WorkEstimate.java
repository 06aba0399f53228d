// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.Map;
import java.util.stream.Stream;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.pruning.Need;
import org.espalier.experiments.pruning.PruningMethod;
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
 *   a pruning, a noise       m f  +  what its method needs
 *   a restoring, a borrowing  m f
 *   measuring on training    (n - v) f
 *   measuring on test        0                             it is seen in the evaluation above
 * </pre>
 *
 * What a method {@linkplain PruningMethod#needs() needs}, with s samples and at most n - v of them
 * in one mini-batch:
 *
 * <pre>
 *   gradient over b batches        s b 3 f           forward and two backward products
 *   sensitivity of k outputs       s (1 + 2 k) f     forward once, backward for each output
 *   Fisher diagonal                s 3 f
 *   p Hessian products             s p 9 f           two to four gradients each
 *   activations, norms of inputs   s f
 * </pre>
 *
 * It orders work and gives a time to expect; it is no measurement.
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
        if (operation instanceof Prune prune) {
            return forward(stage) * counts(stage).test + scoring(stage, prune.choice().method());
        }
        if (operation instanceof Perturb perturb) {
            return forward(stage) * counts(stage).test + scoring(stage, perturb.choice().method());
        }
        if (operation instanceof Restore || operation instanceof Borrow) {
            return forward(stage) * counts(stage).test;
        }
        if (operation instanceof Measure measure && measure.what() == Measure.What.TRAIN) {
            return forward(stage) * counts(stage).trained;
        }
        return 0;
    }

    private double scoring(Stage stage, PruningMethod method) {
        return method.needs().stream().mapToDouble(need -> of(need, stage)).sum();
    }

    private double of(Need need, Stage stage) {
        double samples = Math.min(need.samples(), counts(stage).trained);
        double pass = samples * forward(stage);
        if (need instanceof Need.Gradient gradient) {
            return gradient.batches() * 3 * pass;
        }
        if (need instanceof Need.Sensitivity) {
            return (1 + 2.0 * architectures.get(stage.initial().structure()).outputs()) * pass;
        }
        if (need instanceof Need.Fisher) {
            return 3 * pass;
        }
        if (need instanceof Need.HessianVector products) {
            return products.products() * 9.0 * pass;
        }
        assert need instanceof Need.Activations || need instanceof Need.InputNorms;
        return pass;
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
