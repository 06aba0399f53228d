// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.espalier.driver.UsageException;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.sweep.Catalogue;

/** The names that a sweep file may use in this installation and with this data folder. */
public final class KnownNames implements Catalogue {
    private final List<String> datasets;
    private final Set<String> folders;
    private final UnknownDatasets unknown;

    /**
     * @throws UsageException if the data folder cannot be listed
     */
    public KnownNames(Datasets datasets) {
        try {
            this.datasets = List.copyOf(datasets.names().keySet());
            folders = datasets.folders();
        } catch (BadDataException e) {
            throw new UsageException(e.getMessage());
        }
        unknown = UnknownDatasets.REFUSED;
    }

    private KnownNames() {
        datasets = List.of();
        folders = Set.of();
        unknown = UnknownDatasets.ACCEPTED;
    }

    /** For a sweep that was frozen, whose data may be elsewhere now. */
    public static KnownNames ofFrozen() {
        return new KnownNames();
    }

    @Override
    public List<String> architectures() {
        return Architectures.list().stream().map(Architectures.Entry::name).toList();
    }

    @Override
    public Optional<String> problemWithArchitecture(String name) {
        return Architectures.problem(name);
    }

    @Override
    public List<MethodDefinition> methods() {
        return Methods.all();
    }

    @Override
    public List<String> datasets() {
        return datasets;
    }

    /** A folder that holds something else is told what it holds by the plan. */
    @Override
    public boolean mayBeDataset(String name) {
        return datasets.contains(name) || folders.contains(name);
    }

    @Override
    public UnknownDatasets unknownDatasets() {
        return unknown;
    }

    @Override
    public List<String> engines() {
        return Engines.choices();
    }
}
