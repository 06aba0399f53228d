// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.journal.Projection;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.stage.Facts;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Science;
import org.espalier.results.CellRow;
import org.espalier.results.CellRow.Failure;
import org.espalier.results.CellRow.Status;

/** Makes the row of a cell, complete or failed, from its plan and its journal. */
public final class RowBuilder {
    private static final int MOST_STACK_CHARACTERS = 8_000;

    private final RunContext context;
    private final PlannedCell planned;
    private final int attempt;
    private final Host host;

    /**
     * @param attempt at the cell, from 1
     * @param host that ran it
     */
    public RowBuilder(RunContext context, PlannedCell planned, int attempt, Host host) {
        this.context = context;
        this.planned = planned;
        this.attempt = attempt;
        this.host = host;
    }

    /** Times of a task that are in no journal. */
    public record Clock(long startedAtMillis, double wallSeconds, boolean trunkReused) {}

    /** The row of a cell that came to its end. */
    CellRow completed(Journal journal, Clock clock) {
        return row(journal, clock, null);
    }

    /**
     * The row of a cell that failed, or of which a stage that it rests on failed.
     *
     * @param journal as far as it came; everything that had been found out is in the row
     */
    public CellRow failed(Journal journal, Failure failure, Clock clock) {
        return row(journal, clock, failure);
    }

    private CellRow row(Journal journal, Clock clock, Failure failure) {
        Projection projection = new Projection(planned, journal);
        Facts facts = planned.facts();
        return new CellRow(
                CellRow.SCHEMA_VERSION,
                planned.id(),
                context.sweep(),
                failure == null ? Status.COMPLETED : Status.FAILED,
                attempt,
                facts.task(),
                Conditions.of(planned),
                planned.cell().seed(),
                seeds(),
                identity(),
                new CellRow.Network(facts.classes(), facts.parameters(), facts.prunableWeights()),
                projection.sparsity(),
                projection.dense(),
                projection.pruned(),
                projection.fineTuned(),
                projection.selections(),
                projection.curve(),
                projection.rounds(),
                projection.events(),
                projection.ticket(),
                null,
                List.of(),
                List.of(),
                projection.notes(),
                new CellRow.Timings(
                        clock.startedAtMillis(),
                        clock.wallSeconds(),
                        projection.trunkSeconds(),
                        clock.trunkReused(),
                        projection.scoreSeconds(),
                        projection.fineTuneSeconds(),
                        projection.evaluateSeconds()),
                provenance(),
                failure);
    }

    private CellRow.Seeds seeds() {
        Seeds seeds = planned.seeds();
        return new CellRow.Seeds(
                seeds.initialWeights(),
                seeds.denseOrder(),
                seeds.fineTuneOrder(),
                seeds.split(),
                seeds.noise(),
                seeds.dropout(),
                seeds.mask(),
                seeds.scoring());
    }

    private CellRow.Identity identity() {
        return new CellRow.Identity(
                planned.arithmetic().engine(),
                planned.arithmetic().numerics(),
                Science.versions(),
                planned.programme().trunk().name(),
                planned.leaf().path().stream().map(Stage::name).toList());
    }

    private CellRow.Provenance provenance() {
        BuildInfo build = BuildInfo.current();
        return new CellRow.Provenance(
                build.version(),
                build.commit(),
                build.dirty(),
                host.name(),
                host.jvm(),
                host.os(),
                host.backend(),
                build.libraries(),
                context.sparkVersion(),
                context.master(),
                context.applicationId());
    }

    /** A row of a cell that has not run, of the size that rows have, to try a folder with. */
    public static CellRow probing(RunContext context, PlannedCell cell) {
        Host host = Host.here(cell.arithmetic().engine());
        Failure none =
                failure(FailureReason.BUG, new IllegalStateException("probe"), cell.leaf(), host);
        return new RowBuilder(context, cell, 1, host)
                .failed(Journal.EMPTY, none, new Clock(System.currentTimeMillis(), 0, false));
    }

    /**
     * A failure as a row tells it.
     *
     * @param stage that was being carried out; its name is the cause's id, so cells that share a
     *     failed stage share it
     * @param host where it failed
     */
    public static Failure failure(FailureReason reason, Throwable thrown, Stage stage, Host host) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        String text = stack.toString();
        return new Failure(
                reason.name(),
                stage.toString(),
                thrown.getClass().getName(),
                String.valueOf(thrown.getMessage()),
                text.substring(0, Math.min(text.length(), MOST_STACK_CHARACTERS)),
                host.name(),
                stage.name());
    }
}
