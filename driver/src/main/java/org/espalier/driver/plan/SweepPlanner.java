// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.text.Text;

/**
 * Makes the plan of a sweep: looks up every data set and architecture, checks that they fit each
 * other and the ratios, and names every cell. All that does not fit is told at once.
 */
public final class SweepPlanner {
    private final Datasets datasets;
    private final Function<String, Engines.Resolved> engines;
    private final Map<String, DatasetInfo> infos = new HashMap<>();
    private final Map<String, Architecture> networks = new HashMap<>();
    private final Map<String, Engines.Resolved> resolved = new LinkedHashMap<>();
    private final Set<String> problems = new LinkedHashSet<>();

    /**
     * @param engines resolves what a recipe asks for; called once each
     */
    public SweepPlanner(Datasets datasets, Function<String, Engines.Resolved> engines) {
        this.datasets = datasets;
        this.engines = engines;
    }

    /**
     * The plan.
     *
     * @throws UsageException if a data set is missing or damaged, a network does not fit its data,
     *     or a ratio leaves nothing
     */
    public Plan plan(Sweep sweep) throws IOException {
        Map<String, PlannedCell> planned = new LinkedHashMap<>();
        Map<String, Architecture> byStructure = new HashMap<>();
        for (Cell cell : sweep.cells()) {
            DatasetInfo data = info(cell.dataset());
            Architecture network = data == null ? null : network(cell.architecture(), data);
            if (network == null) {
                continue;
            }
            checkRatio(cell, network);
            byStructure.put(network.canonicalText(), network);
            Engines.Resolved engine =
                    resolved.computeIfAbsent(cell.recipe().engine(), this::resolve);
            if (engine == null) {
                continue;
            }
            PlannedCell made =
                    PlannedCell.of(
                            cell,
                            new Operation.Initialise(
                                    cell.architecture(),
                                    network.canonicalText(),
                                    cell.dataset(),
                                    data.fingerprint(),
                                    cell.noise(),
                                    cell.recipe().validation(),
                                    engine.id(),
                                    engine.numerics(),
                                    cell.seed(),
                                    cell.recipe().trainEvaluation()));
            planned.putIfAbsent(made.id(), made);
        }
        if (!problems.isEmpty()) {
            throw new UsageException(
                    Text.of(
                            "sweep %s cannot be run, %d %s:%n  %s",
                            sweep.name(),
                            problems.size(),
                            problems.size() == 1 ? "problem" : "problems",
                            String.join(System.lineSeparator() + "  ", problems)));
        }
        return new Plan(
                sweep,
                new ArrayList<>(planned.values()),
                new WorkEstimate(infos, byStructure),
                resolved.values().stream()
                        .map(Engines.Resolved::remark)
                        .filter(remark -> !remark.isEmpty())
                        .toList());
    }

    private Engines.Resolved resolve(String asked) {
        try {
            return engines.apply(asked);
        } catch (IllegalStateException e) {
            problems.add(e.getMessage());
            return null;
        }
    }

    private DatasetInfo info(String name) throws IOException {
        if (!infos.containsKey(name)) {
            DatasetInfo found = null;
            try {
                found = datasets.info(name);
            } catch (BadDataException e) {
                problems.add(e.getMessage());
            }
            infos.put(name, found);
        }
        return infos.get(name);
    }

    private Architecture network(String name, DatasetInfo data) {
        return networks.computeIfAbsent(
                name + " on " + data.name(),
                key -> {
                    try {
                        return Architectures.create(
                                name, data.shape(), data.outputs(), data.loss());
                    } catch (IllegalArgumentException e) {
                        problems.add(Text.of("%s: %s", key, e.getMessage()));
                        return null;
                    }
                });
    }

    private void checkRatio(Cell cell, Architecture network) {
        List<Parameter> weights = network.weights();
        long prunable = weights.stream().mapToLong(Parameter::size).sum();
        if (cell.recipe().outputLayer() == Recipe.OutputLayer.KEEP) {
            prunable -= weights.get(weights.size() - 1).size();
        }
        try {
            Ratio ratio = cell.ratio();
            ratio.kept(Math.toIntExact(prunable), network.parameterCount());
        } catch (IllegalArgumentException e) {
            problems.add(
                    Text.of("%s on %s: %s", cell.architecture(), cell.dataset(), e.getMessage()));
        }
    }
}
