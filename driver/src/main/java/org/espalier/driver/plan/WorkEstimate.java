// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.Map;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.StageTree.Segment;

/**
 * How much arithmetic a stage is, in multiply-adds of dense networks. With f the multiply-adds of
 * one sample's forward pass, n training samples (v of them held out), m test samples:
 *
 * <pre>
 *   one epoch of training    (n - v) 3 f  +  (v + m) f     forward and two backward products; evaluation
 *   end of a training        (n + m) f                     evaluation on both sets
 *   a pruning                (n + m) f  +  s f             evaluation on both sets; s scoring samples
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
     * @param datasets by name
     * @param architectures by their canonical text
     */
    WorkEstimate(Map<String, DatasetInfo> datasets, Map<String, Architecture> architectures) {
        this.datasets = Map.copyOf(datasets);
        this.architectures = Map.copyOf(architectures);
    }

    /** Multiply-adds of a segment; epochs that its parent segment has trained do not count. */
    public double of(Segment segment) {
        double work = segment.stages().stream().mapToDouble(this::of).sum();
        if (segment.parent() != null
                && segment.stages().get(0).operation() instanceof Operation.Train train
                && segment.parent().last().operation() instanceof Operation.Train done
                && segment.stages().get(0).shorter().contains(segment.parent().last())) {
            work -= epochs(segment.last(), done.training().epochs());
        }
        return work;
    }

    /** Multiply-adds of a stage from its parent. */
    public double of(Stage stage) {
        if (stage.operation() instanceof Operation.Train train) {
            return epochs(stage, train.training().epochs()) + evaluation(stage);
        }
        if (stage.operation() instanceof Operation.Prune) {
            return evaluation(stage) + forward(stage) * data(stage).testSamples();
        }
        return 0;
    }

    private double epochs(Stage stage, int count) {
        DatasetInfo data = data(stage);
        double held = Math.rint(data.trainSamples() * stage.root().validation().doubleValue());
        double trained = data.trainSamples() - held;
        return count * forward(stage) * (3 * trained + held + data.testSamples());
    }

    private double evaluation(Stage stage) {
        DatasetInfo data = data(stage);
        return forward(stage) * ((double) data.trainSamples() + data.testSamples());
    }

    private double forward(Stage stage) {
        return architectures.get(stage.root().structure()).multiplyAdds();
    }

    private DatasetInfo data(Stage stage) {
        return datasets.get(stage.root().dataset());
    }
}
