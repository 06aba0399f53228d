// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.espalier.driver.plan.WorkEstimate;
import org.espalier.driver.schedule.SweepListener;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.Operation;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageTree;
import org.espalier.experiments.stage.StageTree.Segment;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;

/** Keeps rows, shows progress, and counts what was trained. */
final class RunListener implements SweepListener, AutoCloseable {
    private final Progress progress;
    private final WorkEstimate work;
    private final RowSink sink;
    private final Map<String, Double> workOfCell = new HashMap<>();
    private final Map<String, PlannedCell> cells = new HashMap<>();
    private final Set<String> causesTold = new HashSet<>();
    private final int trunks;
    private final long start = System.nanoTime();
    private int trained;
    private int reused;
    private int rows;

    RunListener(PrintStream out, StageTree tree, WorkEstimate work, RowSink sink) {
        this.work = work;
        this.sink = sink;
        double total = 0;
        for (Segment segment : tree.segments()) {
            double own = work.of(segment);
            total += own;
            for (PlannedCell cell : segment.cells()) {
                workOfCell.put(
                        cell.id(), segment.leavesSnapshot() ? 0 : own / segment.cells().size());
                cells.put(cell.id(), cell);
            }
        }
        trunks = tree.trunks().size();
        progress =
                new Progress(
                        new StatusLine(out, StatusLine.Screen.ofThisProcess()),
                        cells.size(),
                        trunks,
                        total,
                        System::nanoTime);
    }

    @Override
    public void trunkReused(Segment trunk) {
        reused++;
        progress.trunkReused(work.of(trunk));
    }

    @Override
    public void trunkEnded(Segment trunk, StageTask.Outcome outcome) {
        if (outcome.failure() == null && outcome.epochsTrained() == 0) {
            reused++; // somebody else has made it meanwhile
            progress.trunkReused(work.of(trunk));
            return;
        }
        progress.trunkDone(work.of(trunk));
        if (outcome.failure() == null) {
            trained++;
            Operation.Initialise root = trunk.last().root();
            progress.say(
                    Text.of(
                            "trunk %d/%d trained, %d epochs in %s: %s %s seed=%d",
                            trained + reused,
                            trunks,
                            outcome.epochsTrained(),
                            Durations.about(outcome.wallSeconds()),
                            root.architecture(),
                            root.dataset(),
                            root.seed()));
        }
    }

    @Override
    public void rowArrived(CellRow row) {
        sink.add(row);
        rows++;
        boolean completed = row.status() == CellRow.Status.COMPLETED;
        progress.cellDone(workOfCell.getOrDefault(row.cellId(), 0.0), completed);
        if (!completed && causesTold.add(row.failure().causeId())) {
            progress.say(
                    Text.of(
                            "%s failed, %s: %s",
                            Cells.text(cells.get(row.cellId()).cell()),
                            row.failure().reason(),
                            row.failure().message()));
        }
    }

    @Override
    public void tick() {
        sink.flushIfDue();
        progress.tick();
    }

    /** What was done, in one sentence. */
    String summary() {
        return Text.of(
                "%d run now on %d trunks trained and %d taken from the store, in %s",
                rows, trained, reused, Durations.about((System.nanoTime() - start) * 1e-9));
    }

    @Override
    public void close() {
        progress.close();
    }
}
