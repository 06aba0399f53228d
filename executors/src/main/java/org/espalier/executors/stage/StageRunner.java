// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.store.StageStore;
import org.espalier.executors.store.StorageException;
import org.espalier.executors.train.Evaluator;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Borrow;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.Operation;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Reinitialise;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.stage.operation.Train;
import org.espalier.results.CellRow.Evaluation;

/**
 * Carries out stages. Asked for a stage, it takes the snapshot of the store, or else continues the
 * longest shorter training that the store has, or else carries out its inputs first. Which way it
 * went does not change a bit of the result. What is to be measured of a network is measured as soon
 * as the network is there.
 *
 * <p>For one task and one thread; closed after use.
 */
final class StageRunner implements AutoCloseable {
    private final StageStore store;
    private final Context context;
    private final Set<Stage> measures;
    private final Set<String> kept;
    private final boolean keepsFindings;
    private final Map<String, Entry> measured = new LinkedHashMap<>();
    private final Set<String> trained = new HashSet<>();
    private double epochsTrained;

    /**
     * A runner for one task.
     *
     * @param last stage that will be asked for
     * @param measures of networks on the way
     * @param kept names of stages whose networks others start from: kept in the store when made,
     *     and with the last of them all that is measured on the way
     */
    StageRunner(
            Stage last,
            Datasets datasets,
            StageStore store,
            Collection<Stage> measures,
            Set<String> kept) {
        this.store = store;
        this.measures = Set.copyOf(measures);
        this.kept = Set.copyOf(kept);
        keepsFindings = kept.contains(last.name());
        context = new Context(datasets, last, this.measures);
    }

    /**
     * The network that a stage leaves.
     *
     * @throws StageFailedException if a stage on the way cannot be carried out
     * @throws StorageException if the store cannot be used
     */
    NetworkState reach(Stage stage) throws StageFailedException {
        Optional<NetworkState> there = stored(stage);
        NetworkState state = there.isPresent() ? there.get() : made(stage);
        measure(stage, state);
        return state;
    }

    private Optional<NetworkState> stored(Stage stage) {
        return stage.operation() instanceof Initialise
                ? Optional.empty()
                : store.read(stage.name());
    }

    private NetworkState made(Stage stage) throws StageFailedException {
        for (Stage shorter : stage.shorter()) {
            Optional<NetworkState> there = store.read(shorter.name());
            if (there.isPresent()) {
                return operated(stage.continuing(shorter), there.get(), List.of());
            }
        }
        NetworkState before = null;
        List<NetworkState> borrowed = new ArrayList<>();
        for (Stage input : stage.inputs()) {
            if (input.leavesNetwork()) {
                NetworkState state = reach(input);
                if (before == null) {
                    before = state;
                } else {
                    borrowed.add(state);
                }
            }
        }
        return operated(stage, before, borrowed);
    }

    /** A stage on its inputs, what it finds in the journal, and the whole in the store if kept. */
    private NetworkState operated(Stage stage, NetworkState before, List<NetworkState> borrowed)
            throws StageFailedException {
        Journal journal = before == null ? Journal.EMPTY : before.journal();
        Findings found = new Findings();
        NetworkState state;
        try {
            state = operate(stage, before, borrowed, found);
        } catch (StorageException e) {
            throw e;
        } catch (Throwable e) { // an error too is a finding about this stage
            throw new StageFailedException(stage, journal.plus(found.entries()), e);
        }
        state = state.withJournal(journal.plus(found.entries()));
        if (kept.contains(stage.name())) {
            try {
                store.write(stage.name(), state);
            } catch (IllegalStateException e) { // other bits than before: this stage's fault
                throw new StageFailedException(stage, state.journal(), e);
            }
        }
        return state;
    }

    private NetworkState operate(
            Stage stage, NetworkState before, List<NetworkState> borrowed, Findings found)
            throws IOException, BadDataException {
        Operation operation = stage.operation();
        if (operation instanceof Train train) {
            NetworkState after = new TrainRunner(context).run(stage, before, found);
            epochsTrained += train.epochs();
            trained.add(stage.name());
            return after;
        }
        if (operation instanceof Prune) {
            return new PruneRunner(context).run(stage, before, found);
        }
        if (operation instanceof Borrow) {
            return new BorrowRunner(context).run(stage, before, borrowed.get(0), found);
        }
        if (operation instanceof Perturb) {
            return new PerturbRunner(context).run(stage, before, found);
        }
        if (operation instanceof Restore) {
            NetworkState older = borrowed.isEmpty() ? null : borrowed.get(0);
            return new RestoreRunner(context).run(stage, before, older, found);
        }
        if (operation instanceof Rewind) {
            return RewindRunner.run(
                    stage, context.architecture(stage), before, borrowed.get(0), found);
        }
        if (operation instanceof Reinitialise) {
            return ReinitialiseRunner.run(stage, context.architecture(stage), before, found);
        }
        if (operation instanceof Initialise initialise) {
            return InitialiseRunner.run(initialise, context.initial(initialise));
        }
        assert operation instanceof Data || operation instanceof Measure;
        throw new AssertionError(stage + " leaves no network");
    }

    /** Carries out what is to be measured of a stage's network, or finds it in the store. */
    private void measure(Stage stage, NetworkState state) throws StageFailedException {
        for (Stage measure : measures) {
            if (!measure.network().orElseThrow().equals(stage)
                    || measured.containsKey(measure.name())) {
                continue;
            }
            Optional<Entry> there = keepsFinding(stage) ? finding(measure) : Optional.empty();
            if (there.isPresent()) {
                measured.put(measure.name(), there.get());
                continue;
            }
            try {
                Entry entry = new MeasureRunner(context).run(measure, state);
                measured.put(measure.name(), entry);
                if (kept.contains(stage.name())) {
                    store.write(measure.name(), NetworkState.findings(new Journal(List.of(entry))));
                }
            } catch (StorageException e) {
                throw e;
            } catch (Throwable e) {
                throw new StageFailedException(measure, state.journal(), e);
            }
        }
    }

    /** Whether others may ask for what was measured of this network. */
    private boolean keepsFinding(Stage of) {
        return keepsFindings || kept.contains(of.name());
    }

    private Optional<Entry> finding(Stage measure) {
        return store.journal(measure.name())
                .filter(journal -> !journal.entries().isEmpty())
                .map(journal -> journal.entries().get(0));
    }

    /**
     * All that is known for the row of a cell that ends with this network: its journal, and what
     * was measured of the networks behind it, now or before.
     */
    Journal journal(PlannedCell cell, NetworkState state) throws StageFailedException {
        for (Stage measure : cell.programme().measures()) {
            if (!measured.containsKey(measure.name())) {
                Stage of = measure.network().orElseThrow();
                Optional<Entry> there = finding(measure);
                if (there.isPresent()) {
                    measured.put(measure.name(), there.get());
                } else {
                    reach(of);
                }
            }
        }
        Journal journal = withMeasured(cell, state.journal());
        for (Stage moment : List.of(cell.programme().dense(), cell.programme().pruned())) {
            if (journal.of(moment.name()) == null || journal.of(moment.name()).test() == null) {
                journal = journal.plus(List.of(onTest(moment)));
            }
        }
        return journal;
    }

    /** A journal and what was measured for a cell, as far as that came. */
    Journal withMeasured(PlannedCell cell, Journal journal) {
        List<Entry> entries = new ArrayList<>();
        for (Stage measure : cell.programme().measures()) {
            Entry entry = measured.get(measure.name());
            if (entry != null) {
                entries.add(entry);
            }
        }
        return journal.plus(entries);
    }

    /**
     * A network on the test set that the last network's journal says nothing of: one on the way of
     * a training that an earlier sweep did in one go.
     */
    private Entry onTest(Stage moment) throws StageFailedException {
        NetworkState state = reach(moment);
        try {
            long startedAt = System.nanoTime();
            Evaluation known = state.journal().of(moment.name());
            Evaluation evaluation =
                    known != null && known.test() != null
                            ? known
                            : new Evaluator(context.loaded(moment, arithmetic(moment), state))
                                    .onTest(context.data(moment), Evaluator.Recording.OFF);
            return new Entry.Measured(
                    moment.name(), evaluation, (System.nanoTime() - startedAt) * 1e-9);
        } catch (StorageException e) {
            throw e;
        } catch (Throwable e) {
            throw new StageFailedException(moment, state.journal(), e);
        }
    }

    private static Arithmetic arithmetic(Stage stage) {
        for (Stage each = stage; each != null; each = each.network().orElse(null)) {
            if (each.operation() instanceof Train train) {
                return train.arithmetic();
            }
        }
        throw new AssertionError(stage + " was never trained");
    }

    /** Epochs trained, those of snapshots not counted; a part of an epoch is one of one. */
    double epochsTrained() {
        return epochsTrained;
    }

    /** Whether any of a training was done now. */
    boolean trained(Stage stage) {
        return trained.contains(stage.name());
    }

    @Override
    public void close() {
        context.close();
    }
}
