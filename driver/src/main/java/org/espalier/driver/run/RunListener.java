// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.espalier.driver.plan.WorkEstimate;
import org.espalier.driver.schedule.SweepListener;
import org.espalier.executors.stage.StageTask;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.stage.StageGraph;
import org.espalier.experiments.stage.StageGraph.Segment;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.results.CellRow;
import org.espalier.results.text.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps rows, shows progress, and counts what was trained. */
final class RunListener implements SweepListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunListener.class);

    private final Progress progress;
    private final WorkEstimate work;
    private final RowSink sink;
    private final Map<String, Double> workOfCell = new HashMap<>();
    private final Map<String, PlannedCell> cells = new HashMap<>();
    private final Set<String> causesTold = new HashSet<>();
    private final Map<String, Set<String>> recipesOfTrunk = new HashMap<>();
    private final int trunks;
    private final long start = System.nanoTime();
    private int trained;
    private int reused;
    private int rows;

    RunListener(PrintStream out, StageGraph graph, WorkEstimate work, RowSink sink) {
        this.work = work;
        this.sink = sink;
        double total = 0;
        for (Segment segment : graph.segments()) {
            double own = work.of(segment);
            total += own;
            for (PlannedCell cell : segment.cells()) {
                workOfCell.put(
                        cell.id(), segment.leavesSnapshot() ? 0 : own / segment.cells().size());
                cells.put(cell.id(), cell);
                recipesOfTrunk
                        .computeIfAbsent(cell.programme().trunk().name(), name -> new TreeSet<>())
                        .add(cell.cell().recipe().name());
            }
        }
        trunks = graph.trunks().size();
        progress =
                new Progress(
                        new StatusLine(out, StatusLine.Screen.ofThisProcess()),
                        cells.size(),
                        trunks,
                        total,
                        System::nanoTime);
    }

    @Override
    public void reused(Segment segment) {
        reused += segment.isTrunk() ? 1 : 0;
        progress.reused(work.of(segment), segment.isTrunk());
    }

    @Override
    public void ended(Segment segment, StageTask.Outcome outcome) {
        if (outcome.failure() == null && outcome.epochsTrained() == 0 && segment.isTrunk()) {
            reused(segment); // somebody else has made it meanwhile
            return;
        }
        progress.done(work.of(segment), segment.isTrunk());
        if (outcome.failure() == null && segment.isTrunk()) {
            trained++;
            progress.say(
                    Text.of(
                            "trunk %d/%d trained, %s in %s: %s",
                            trained + reused,
                            trunks,
                            epochs(outcome.epochsTrained()),
                            Durations.about(outcome.wallSeconds()),
                            trunk(segment)));
        }
    }

    private static String epochs(double count) {
        String number = count == Math.rint(count) ? Text.of("%.0f", count) : Text.of("%.2f", count);
        return number + (count == 1 ? " epoch" : " epochs");
    }

    /** Which trunk it is, in the words of its cells; recipes may share one. */
    private String trunk(Segment segment) {
        Initialise initial = segment.last().initial();
        Data data = (Data) segment.last().data().orElseThrow().operation();
        Set<String> recipes = recipesOfTrunk.get(segment.name());
        return Text.of(
                "%s %s noise=%s%s seed=%d",
                initial.architecture(),
                data.dataset(),
                data.noise().toPlainString(),
                recipes == null ? "" : " recipe=" + String.join(",", recipes),
                initial.seed());
    }

    @Override
    public void rowArrived(CellRow row) {
        sink.add(row);
        rows++;
        boolean completed = row.status() == CellRow.Status.COMPLETED;
        if (!completed) {
            LOG.info(
                    "{} failed, {}: {}\n{}",
                    row.cellId(),
                    row.failure().reason(),
                    row.failure().message(),
                    row.failure().stack());
        }
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
                "%d run now on %s trained and %d taken from the store, in %s",
                rows,
                Text.count(trained, "trunk"),
                reused,
                Durations.about((System.nanoTime() - start) * 1e-9));
    }

    @Override
    public void close() {
        progress.close();
    }
}
