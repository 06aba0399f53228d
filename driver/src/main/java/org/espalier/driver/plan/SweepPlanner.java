// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.metrics.ClassTally;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Footprint;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.pruning.LayerKind;
import org.espalier.experiments.pruning.Pruner;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.experiments.recipe.Decimal;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.schedule.Beginning;
import org.espalier.experiments.schedule.Schedule;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.sweep.Cell;
import org.espalier.experiments.sweep.Places;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.text.Text;

/**
 * Makes the plan of a sweep: looks up every data set and architecture, checks that they fit each
 * other and the ratios, and names every cell. All that does not fit is told at once.
 */
public final class SweepPlanner {
    /** What many cells have in common. */
    private record RecipeOn(Recipe recipe, String architecture, String dataset) {}

    private final Datasets datasets;
    private final Function<String, Engines.Resolved> engines;
    private final Function<String, Suitability.Source> sources;
    private final Map<String, DatasetInfo> infos = new HashMap<>();
    private final Map<String, Architecture> networks = new HashMap<>();
    private final Map<String, Engines.Resolved> resolved = new LinkedHashMap<>();
    private final Map<RecipeOn, Boolean> recipesThatFit = new HashMap<>();
    private final OptionalLong slotBytes;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Set<String> remarks = new LinkedHashSet<>();

    /**
     * @param engines resolves what a recipe asks for; called once each
     */
    public SweepPlanner(Datasets datasets, Function<String, Engines.Resolved> engines) {
        this(datasets, engines, OptionalLong.empty());
    }

    /**
     * A planner that knows how much memory a slot has.
     *
     * @param engines resolves what a recipe asks for; called once each
     * @param slotBytes memory of one slot; empty where it is not known
     */
    public SweepPlanner(
            Datasets datasets, Function<String, Engines.Resolved> engines, OptionalLong slotBytes) {
        this(datasets, engines, slotBytes, Engines::source);
    }

    /**
     * @param engines resolves what a recipe asks for; called once each
     * @param sources what an engine can show of networks, by its id
     */
    SweepPlanner(
            Datasets datasets,
            Function<String, Engines.Resolved> engines,
            OptionalLong slotBytes,
            Function<String, Suitability.Source> sources) {
        this.slotBytes = slotBytes;
        this.datasets = datasets;
        this.engines = engines;
        this.sources = sources;
    }

    /**
     * The plan.
     *
     * @throws UsageException if a data set is missing or damaged, a network does not fit its data
     *     or the memory of a slot, a ratio leaves nothing, a method cannot rank a layer, or
     *     anything else in the file cannot be carried out on this data
     */
    public Plan plan(Sweep sweep) throws IOException {
        Places places = sweep.places();
        Map<String, PlannedCell> planned = new LinkedHashMap<>();
        Map<String, Architecture> byStructure = new HashMap<>();
        for (Cell cell : sweep.cells()) {
            DatasetInfo data = info(cell.dataset(), places);
            Architecture network = data == null ? null : network(cell.architecture(), data, places);
            if (network == null || !fits(cell, network, data, places)) {
                continue;
            }
            byStructure.put(network.canonicalText(), network);
            Engines.Resolved engine =
                    resolved.computeIfAbsent(
                            cell.recipe().engine(),
                            asked -> resolve(asked, places.recipe(cell.recipe().name(), "engine")));
            Facts facts = facts(cell, network, places);
            if (engine == null || facts == null) {
                continue;
            }
            PlannedCell made = planned(cell, network, data, engine, facts, places);
            if (made == null
                    || !suits(cell, network, engine, places)
                    || !leavesMinima(made, network, places)) {
                continue;
            }
            planned.putIfAbsent(made.id(), made);
        }
        if (!problems.isEmpty()) {
            throw new UsageException(
                    Text.of(
                            "sweep %s cannot be run, %s:%n  %s",
                            sweep.name(),
                            Text.count(problems.size(), "problem"),
                            String.join(System.lineSeparator() + "  ", problems)));
        }
        return new Plan(
                sweep,
                new ArrayList<>(planned.values()),
                new WorkEstimate(infos, byStructure),
                Stream.concat(
                                resolved.values().stream()
                                        .map(Engines.Resolved::remark)
                                        .filter(remark -> !remark.isEmpty()),
                                remarks.stream())
                        .toList());
    }

    private Engines.Resolved resolve(String asked, String place) {
        try {
            return engines.apply(asked);
        } catch (IllegalStateException e) {
            problems.add(place + e.getMessage());
            return null;
        }
    }

    private DatasetInfo info(String name, Places places) throws IOException {
        if (!infos.containsKey(name)) {
            DatasetInfo found = null;
            try {
                found = datasets.info(name);
            } catch (BadDataException e) {
                problems.add(places.dataset(name) + e.getMessage());
            }
            infos.put(name, found);
        }
        return infos.get(name);
    }

    private Architecture network(String name, DatasetInfo data, Places places) {
        return networks.computeIfAbsent(
                name + " on " + data.name(),
                key -> {
                    try {
                        return Architectures.create(
                                name, data.shape(), data.outputs(), data.loss());
                    } catch (IllegalArgumentException e) {
                        problems.add(
                                Text.of(
                                        "%s%s: %s",
                                        places.architecture(name), key, e.getMessage()));
                        return null;
                    }
                });
    }

    /** Whether the recipe and the noise can be carried out on this data, in this memory. */
    private boolean fits(Cell cell, Architecture network, DatasetInfo data, Places places) {
        boolean classes = network.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        boolean noiseFits = !classes || cell.noise().compareTo(BigDecimal.ONE) <= 0;
        if (!noiseFits) {
            problems.add(
                    Text.of(
                            "%sexpected a rate in [0, 1], since %s has classes, got %s",
                            places.noise(cell.noise()), data.name(), Decimal.text(cell.noise())));
        }
        return recipesThatFit.computeIfAbsent(
                        new RecipeOn(cell.recipe(), cell.architecture(), data.name()),
                        key -> recipeFits(key, network, data, places))
                && noiseFits;
    }

    private boolean recipeFits(
            RecipeOn key, Architecture network, DatasetInfo data, Places places) {
        Recipe recipe = key.recipe();
        int held = Recipe.heldOut(recipe.validation(), data.trainSamples());
        if (recipe.validation().signum() > 0 && (held == 0 || held == data.trainSamples())) {
            problems.add(
                    Text.of(
                            "%sexpected a fraction that leaves samples on both sides, got %s, which holds out %d of the %d of %s",
                            places.recipe(recipe.name(), "validation"),
                            Decimal.text(recipe.validation()),
                            held,
                            data.trainSamples(),
                            data.name()));
            return false;
        }
        int samples = data.trainSamples() - held;
        for (Training training : List.of(recipe.dense(), recipe.fineTune())) {
            Optional<String> problem = tooLarge(network, training, samples);
            if (problem.isPresent()) {
                problems.add(
                        Text.of(
                                "%s%s on %s: %s",
                                places.architecture(key.architecture()),
                                key.architecture(),
                                data.name(),
                                problem.get()));
                return false;
            }
        }
        return true;
    }

    /** Why a slot cannot hold the network while it is trained; empty where it can. */
    private Optional<String> tooLarge(Architecture network, Training training, int samples) {
        int batch = training.epochs() == 0 ? 1 : Math.min(training.batchSize(), samples);
        Footprint footprint = new Footprint(network, training.optimizer(), batch);
        Optional<String> tooLarge = footprint.tooLarge();
        if (tooLarge.isPresent()
                || training.epochs() == 0
                || slotBytes.isEmpty()
                || footprint.bytes() <= slotBytes.getAsLong()) {
            return tooLarge;
        }
        return Optional.of(
                Text.of(
                        "to train it in batches of %d takes at least %s, and a slot has %s: take fewer slots (--master 'local[1]'), more memory (ESPALIER_JAVA_OPTS=-Xmx...) or smaller batches",
                        batch, gibibytes(footprint.bytes()), gibibytes(slotBytes.getAsLong())));
    }

    private static String gibibytes(double bytes) {
        return Text.of("%.1f GiB", bytes / (1L << 30));
    }

    /** Null where the cell does not fit its network or its data. */
    private Facts facts(Cell cell, Architecture network, Places places) {
        if (cell.recipe().recorded() == Recipe.Recorded.PREDICTIONS) {
            checkRecording(cell, network, places);
        }
        try {
            Facts facts = Facts.of(cell, network);
            if (cell.ratio().kind() != Ratio.Kind.LEVELS) {
                noteEmptied(cell, network, facts);
            }
            return facts;
        } catch (IllegalArgumentException e) {
            problems.add(
                    Text.of(
                            "%s%s on %s: %s",
                            places.size(cell.ratio()),
                            cell.architecture(),
                            cell.dataset(),
                            e.getMessage()));
            return null;
        }
    }

    /** Whether a cell's method can rank all that it may prune. */
    private boolean suits(Cell cell, Architecture network, Engines.Resolved engine, Places places) {
        if (cell.method() == null) {
            return true;
        }
        boolean suits = true;
        List<Parameter> prunable =
                new Pruner(network, cell.recipe().scope(), cell.recipe().outputLayer()).prunable();
        for (LayerKind kind : LayerKind.of(network, prunable)) {
            Suitability entry = Suitability.of(cell.method(), kind, sources.apply(engine.id()));
            if (!entry.allowed()) {
                problems.add(
                        Text.of(
                                "%smethod %s cannot rank layers of kind %s of %s: %s",
                                places.method(cell.method().id()),
                                cell.method().id(),
                                kind.text(),
                                cell.architecture(),
                                entry.why()));
                suits = false;
            } else if (!entry.why().isEmpty()) {
                remarks.add(
                        Text.of(
                                "%s on layers of kind %s of %s: %s",
                                cell.method().id(), kind.text(), cell.architecture(), entry.why()));
            }
        }
        return suits;
    }

    /** Whether every pruning of a cell leaves what each layer is to keep at least. */
    private boolean leavesMinima(PlannedCell made, Architecture network, Places places) {
        Recipe recipe = made.cell().recipe();
        if (recipe.minPerLayer() == 0) {
            return true;
        }
        Pruner pruner =
                new Pruner(network, recipe.scope(), recipe.outputLayer(), recipe.minPerLayer());
        int prunable = Math.toIntExact(made.facts().prunableWeights());
        OptionalInt least =
                made.programme().choices().stream()
                        .mapToInt(c -> c.amount().kept(prunable, network.parameterCount()))
                        .min();
        if (least.isEmpty() || pruner.minimum() <= least.getAsInt()) {
            return true;
        }
        problems.add(
                Text.of(
                        "%s%s on %s: min-per-layer %d keeps %s at least, more than the %d that %s leaves",
                        places.recipe(recipe.name(), "min-per-layer"),
                        made.cell().architecture(),
                        made.cell().dataset(),
                        recipe.minPerLayer(),
                        Text.count(pruner.minimum(), "weight"),
                        least.getAsInt(),
                        made.cell().ratio().canonicalText()));
        return false;
    }

    /** Notes which layers are emptied for sure. */
    private void noteEmptied(Cell cell, Architecture network, Facts facts) {
        int kept =
                cell.ratio()
                        .kept(Math.toIntExact(facts.prunableWeights()), network.parameterCount());
        List<Facts.PrunableLayer> layers = facts.layers();
        if (cell.recipe().scope() == Recipe.Scope.GLOBAL) {
            if (kept < layers.size()) {
                remarks.add(
                        Text.of(
                                "%s of %s on %s leaves %d of %d weights, so at least %d of %d layers lose all",
                                cell.ratio().canonicalText(),
                                cell.architecture(),
                                cell.dataset(),
                                kept,
                                facts.prunableWeights(),
                                layers.size() - kept,
                                layers.size()));
            }
            return;
        }
        int all = Math.toIntExact(facts.prunableWeights());
        for (Facts.PrunableLayer layer : layers) {
            if (cell.ratio().keptOf(0, layer.weights(), all, network.parameterCount()) == 0) {
                remarks.add(
                        Text.of(
                                "%s of %s on %s takes all %d weights of layer %s",
                                cell.ratio().canonicalText(),
                                cell.architecture(),
                                cell.dataset(),
                                layer.weights(),
                                layer.layer()));
            }
        }
    }

    private void checkRecording(Cell cell, Architecture network, Places places) {
        boolean classes = network.loss() == Architecture.Loss.SOFTMAX_CROSS_ENTROPY;
        if (!classes || network.outputs() > ClassTally.MOST_RECORDED_CLASSES) {
            problems.add(
                    Text.of(
                            "%srecord: predictions of recipe %s: expected a data set of at most %d classes, got %s, %s",
                            places.recipe(cell.recipe().name(), "record"),
                            cell.recipe().name(),
                            ClassTally.MOST_RECORDED_CLASSES,
                            cell.dataset(),
                            classes ? network.outputs() + " classes" : "a regression"));
        }
    }

    private PlannedCell planned(
            Cell cell,
            Architecture network,
            DatasetInfo data,
            Engines.Resolved engine,
            Facts facts,
            Places places)
            throws IOException {
        Arithmetic arithmetic = new Arithmetic(engine.id(), engine.numerics());
        Beginning elsewhere = null;
        Optional<String> other = cell.recipe().schedule().maskDataset();
        if (other.isPresent()) {
            DatasetInfo there = info(other.get(), places);
            Architecture onIt = there == null ? null : network(cell.architecture(), there, places);
            if (onIt == null || !fits(cell, onIt, there, places)) {
                return null;
            }
            elsewhere = beginning(there, onIt, facts, arithmetic, null);
        }
        Beginning beginning = beginning(data, network, facts, arithmetic, elsewhere);
        try {
            return Schedule.plan(cell, facts, beginning);
        } catch (IllegalArgumentException e) {
            problems.add(
                    Text.of(
                            "%s%s on %s: %s",
                            places.schedule(cell.recipe().name(), cell.recipe().schedule().id()),
                            cell.architecture(),
                            cell.dataset(),
                            e.getMessage()));
            return null;
        }
    }

    private static Beginning beginning(
            DatasetInfo data,
            Architecture network,
            Facts facts,
            Arithmetic arithmetic,
            Beginning elsewhere) {
        return new Beginning(
                data.fingerprint(),
                data.trainSamples(),
                data.testSamples(),
                network.canonicalText(),
                facts.drops(),
                arithmetic,
                elsewhere);
    }
}
