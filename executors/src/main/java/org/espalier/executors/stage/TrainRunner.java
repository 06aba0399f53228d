// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Network;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.train.CellData;
import org.espalier.executors.train.Selections;
import org.espalier.executors.train.Trainer;
import org.espalier.executors.train.WeightsUnderNoise;
import org.espalier.experiments.journal.Entry.Trained;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.CellRow.Evaluation;

/**
 * Carries out {@link Train}: from the step where the network stands in its phase to the one where
 * it is to stand.
 */
final class TrainRunner {
    private final Context context;

    TrainRunner(Context context) {
        this.context = context;
    }

    /** The network trained; what was found until it diverged, where it does. */
    NetworkState run(Stage stage, NetworkState before, Findings found)
            throws IOException, BadDataException {
        Train train = (Train) stage.operation();
        CellData data = context.data(stage);
        Network network =
                context.network(
                        context.architecture(stage),
                        train.arithmetic(),
                        Math.min(train.training().batchSize(), data.trainRows().length));
        network.load(before.parameters());
        network.mask(before.masks());
        network.train(train.training().optimizer(), train.training().weightDecay());
        if (train.state() == Recipe.OptimizerState.KEPT && !before.optimizer().isEmpty()) {
            network.loadOptimizerState(before.optimizer());
        }
        Trainer trainer =
                new Trainer(
                        network, data, train, start(stage, train, before), noise(train, before));
        long startedAt = System.nanoTime();
        long trainedAt = startedAt;
        Evaluation evaluation = null;
        try {
            Optional<Evaluation> last = trainer.run(context.recording(stage));
            trainedAt = System.nanoTime();
            evaluation =
                    last.map(e -> context.kept(stage, e))
                            .orElseGet(() -> context.onTest(stage, network, data));
        } finally {
            long endedAt = System.nanoTime();
            boolean trained = trainedAt != startedAt;
            found.add(
                    new Trained(
                            stage.name(),
                            train.phase(),
                            before.journal().prunings(),
                            trainer.place(),
                            trainer.curve(),
                            trainer.selections().list(before.journal().prunings()),
                            trainer.learningRate(),
                            trainer.running(),
                            evaluation,
                            ((trained ? trainedAt : endedAt) - startedAt) * 1e-9,
                            trained ? (endedAt - trainedAt) * 1e-9 : 0));
        }
        return context.holds(
                new NetworkState(
                        network.parameters(),
                        trainer.best(),
                        network.optimizerState(),
                        before.masks(),
                        before.perturbed(),
                        before.targeted(),
                        trainer.place(),
                        before.journal()));
    }

    /** What gets noise meanwhile; null where nothing does. */
    private static WeightsUnderNoise noise(Train train, NetworkState before) {
        return train.noise() == null
                ? null
                : new WeightsUnderNoise(
                        train.noise().kind(), before.perturbed(), Masks.untargeted(before));
    }

    private static Trainer.Start start(Stage stage, Train train, NetworkState before) {
        Journal journal = before.journal();
        boolean goesOn =
                stage.network().orElseThrow().operation() instanceof Train part
                        && train.continues(part);
        Trained last = goesOn ? journal.lastTraining().orElseThrow() : null;
        return new Trainer.Start(
                train.from().equals(Step.ZERO) ? before.place().nextEpoch() : before.place(),
                journal.prunings(),
                goesOn
                        ? new Selections(
                                journal.curve(train.phase(), journal.prunings()), last.selections())
                        : new Selections(),
                goesOn ? before.best() : List.of(),
                goesOn ? last.running() : null);
    }
}
