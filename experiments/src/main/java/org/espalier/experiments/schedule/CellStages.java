// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.schedule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Amount;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.Programme;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.experiments.sweep.Cell;
import org.espalier.results.text.Text;

/** The stages that schedules are made of, with the settings and seeds of one cell. */
final class CellStages {
    private final Cell cell;
    private final Seeds seeds;
    private final Facts facts;
    private final Beginning beginning;
    private final Stage data;
    private final Stage initial;

    CellStages(Cell cell, Seeds seeds, Facts facts, Beginning beginning) {
        this.cell = cell;
        this.seeds = seeds;
        this.facts = facts;
        this.beginning = beginning;
        data =
                Stage.of(
                        new Data(
                                cell.dataset(),
                                beginning.fingerprint(),
                                cell.noise(),
                                seeds.noise(),
                                recipe().validation(),
                                seeds.split()));
        initial =
                Stage.of(
                        new Initialise(
                                cell.architecture(),
                                beginning.structure(),
                                seeds.initialWeights()));
    }

    /**
     * The same cell on the other data set that its schedule names.
     *
     * @throws IllegalArgumentException if the network is another there
     */
    CellStages on(String dataset, BigDecimal noise) {
        Beginning there = beginning.elsewhere();
        if (!there.structure().equals(beginning.structure())) {
            throw new IllegalArgumentException(
                    Text.of(
                            "a mask of %s does not fit: %s on it is another network, as its samples or classes differ from those of %s",
                            dataset, cell.architecture(), cell.dataset()));
        }
        Cell other =
                new Cell(
                        cell.architecture(),
                        dataset,
                        noise,
                        cell.method(),
                        cell.control(),
                        cell.ratio(),
                        cell.recipe(),
                        cell.seed());
        return new CellStages(other, seeds, facts, there);
    }

    Cell cell() {
        return cell;
    }

    Recipe recipe() {
        return cell.recipe();
    }

    Seeds seeds() {
        return seeds;
    }

    Facts facts() {
        return facts;
    }

    Beginning beginning() {
        return beginning;
    }

    Arithmetic arithmetic() {
        return beginning.arithmetic();
    }

    /** The samples. */
    Stage data() {
        return data;
    }

    /** The network as it starts. */
    Stage initial() {
        return initial;
    }

    /** The method that ranks weights: of a control of a ticket the one that draws the ticket. */
    PruningMethod method() {
        return cell.method() instanceof TicketControl control ? control.of() : cell.method();
    }

    /** Epoch of the dense training. */
    EpochLength epoch() {
        return beginning.epoch(recipe(), recipe().dense());
    }

    /** Where the dense training ends. */
    Step end() {
        return Step.epochs(recipe().dense().epochs());
    }

    /** The dense training from its start. */
    Stage trained(Step to) {
        return trained(initial, Step.ZERO, to);
    }

    /** A part of the dense training; at the start of one the optimiser is new, later it goes on. */
    Stage trained(Stage network, Step from, Step to) {
        return Stage.of(training(from, to), network, data);
    }

    /** The operation of {@link #trained}. */
    Train training(Step from, Step to) {
        return new Train(
                Train.DENSE,
                recipe().dense(),
                from,
                to,
                epoch(),
                from.count() == 0 ? Recipe.OptimizerState.FRESH : Recipe.OptimizerState.KEPT,
                seeds.denseOrder(),
                dropoutSeed(),
                arithmetic());
    }

    /** The same with the order of samples that fine-tuning has. */
    Stage trainedInOtherOrder(Stage network, Step from, Step to) {
        Train train = training(from, to);
        return Stage.of(
                new Train(
                        train.phase(),
                        train.training(),
                        from,
                        to,
                        train.epoch(),
                        train.state(),
                        seeds.fineTuneOrder(),
                        train.dropoutSeed(),
                        arithmetic()),
                network,
                data);
    }

    /** Fine-tuning from its start. */
    Stage fineTuned(Stage network, int epochs) {
        Training settings = recipe().fineTune();
        return Stage.of(
                new Train(
                        Train.FINE_TUNE,
                        settings,
                        Step.ZERO,
                        Step.epochs(epochs),
                        beginning.epoch(recipe(), settings),
                        recipe().optimizerState(),
                        seeds.fineTuneOrder(),
                        dropoutSeed(),
                        arithmetic()),
                network,
                data);
    }

    /** Fine-tuning as the recipe has it, where it has any. */
    Stage fineTunedIfAsked(Stage network) {
        int epochs = recipe().fineTune().epochs();
        return epochs == 0 ? network : fineTuned(network, epochs);
    }

    private OptionalSeed dropoutSeed() {
        return beginning.drops().seed(seeds);
    }

    /** A pruning that leaves so much. */
    Stage pruned(Stage network, Amount amount) {
        return Stage.of(new Prune(choice(amount), arithmetic()), network, data);
    }

    /** The weights that the cell's method chooses. */
    Choice choice(Amount amount) {
        return Choice.of(
                        method(),
                        amount,
                        recipe().scope(),
                        recipe().outputLayer(),
                        seeds,
                        beginning.drops())
                .keeping(recipe().minPerLayer());
    }

    /** With what is measured of the three networks that every row tells of. */
    Programme programme(Stage trunk, Stage dense, Stage pruned, Stage leaf) {
        List<Stage> measures = new ArrayList<>();
        for (Measure.What what : measured()) {
            Stream.of(dense, pruned, leaf)
                    .distinct()
                    .map(at -> Stage.of(new Measure(what, arithmetic()), at, data))
                    .forEach(measures::add);
        }
        return new Programme(trunk, dense, pruned, leaf, measures);
    }

    private List<Measure.What> measured() {
        List<Measure.What> measured = new ArrayList<>();
        if (recipe().trainEvaluation() == Recipe.TrainEvaluation.ON) {
            measured.add(Measure.What.TRAIN);
        }
        if (recipe().recorded() == Recipe.Recorded.PREDICTIONS) {
            measured.add(Measure.What.PREDICTIONS);
        }
        return measured;
    }
}
