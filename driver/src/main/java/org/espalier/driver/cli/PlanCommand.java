// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.driver.UsageException;
import org.espalier.driver.plan.Plan;
import org.espalier.driver.plan.SlotMemory;
import org.espalier.driver.plan.SweepPlanner;
import org.espalier.driver.run.Durations;
import org.espalier.driver.spark.HadoopSettings;
import org.espalier.executors.data.catalogue.Datasets;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.pruning.TicketControl;
import org.espalier.experiments.recipe.ScheduleSettings;
import org.espalier.experiments.schedule.Schedules;
import org.espalier.experiments.stage.Cells;
import org.espalier.experiments.stage.PlannedCell;
import org.espalier.experiments.sweep.Cell;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier plan}: what a sweep comes to. */
@Command(
        name = "plan",
        description = {
            "Check a sweep file and say what it comes to. Nothing is started.",
            "",
            "The arithmetic of the engine is taken to be that of this machine; on a cluster it is"
                    + " asked of the executors."
        },
        footer = {
            "",
            "Example:",
            "  espalier plan experiments/sweeps/mnist-lenet.yaml --data data"
        })
final class PlanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The sweep file, in YAML.")
    private String file;

    @Option(names = "--cells", description = "List every cell with its identity.")
    private boolean cells;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Slots to reckon the time for (default: the cores of this machine).")
    private Integer slots;

    @Mixin private SweepOptions.Data data;
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (slots != null && slots < 1) {
            throw new UsageException("--slots must be a whole number of at least 1, got " + slots);
        }
        Datasets datasets = data.datasets();
        Sweep sweep = SweepFiles.read(file, datasets, HadoopSettings.configuration(Map.of()));
        int cores = Runtime.getRuntime().availableProcessors();
        Plan plan =
                new SweepPlanner(datasets, Engines::resolve, SlotMemory.here(cores)).plan(sweep);
        print(plan, slots == null ? cores : slots);
        return Espalier.DONE;
    }

    private void print(Plan plan, int slotCount) {
        PrintWriter out = spec.commandLine().getOut();
        int width = OutputWidth.ofThisProcess();
        int trunks = plan.graph().trunks().size();
        long alone = plan.cells().size();
        Map<String, List<String>> lines = new LinkedHashMap<>();
        lines.put("cells", List.of(Text.of("%,6d  one row each", alone)));
        lines.put(
                "trunks",
                List.of(
                        Text.of(
                                "%,6d  dense training%s; sharing saves %,d",
                                trunks, trunks == 1 ? "" : "s", alone - trunks)));
        lines.put(
                "work",
                List.of(
                        Text.of(
                                "%s multiply-adds, %s if nothing were shared",
                                count(plan.totalWork()), count(plan.unsharedWork()))));
        lines.put(
                "time",
                List.of(
                        Text.of(
                                "about %s on %s, by a rule of thumb",
                                Durations.about(plan.expectedSeconds(slotCount)),
                                Text.count(slotCount, "slot"))));
        lines.put("prunes", List.copyOf(events(plan)));
        lines.put("note", plan.notes());
        out.print(Paragraph.of("sweep " + plan.sweep().name(), width, 2));
        lines.forEach(
                (what, values) ->
                        values.forEach(
                                value ->
                                        out.print(
                                                Paragraph.of(
                                                        Text.of("  %-6s  %s", what, value),
                                                        width,
                                                        10))));
        if (cells) {
            out.println();
            for (PlannedCell cell : plan.cells()) {
                out.print(
                        Paragraph.of(
                                Text.of("%s  %s", cell.id(), Cells.text(cell.cell())), width, 4));
            }
        }
        out.flush();
    }

    /** What each schedule that is not one-shot leaves and when, by its largest size. */
    private static Collection<String> events(Plan plan) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (PlannedCell planned : plan.cells()) {
            Cell cell = planned.cell();
            boolean plain =
                    cell.recipe().schedule() instanceof ScheduleSettings.OneShot
                            || cell.method() == null
                            || cell.method() instanceof TicketControl;
            if (!plain) {
                String key =
                        Text.of(
                                "%s %s %s",
                                cell.architecture(),
                                cell.dataset(),
                                cell.recipe().schedule().canonicalText());
                lines.put(
                        key,
                        Text.of(
                                "%s, %s, weights left of %d: %s",
                                key,
                                cell.ratio().canonicalText(),
                                planned.facts().prunableWeights(),
                                Schedules.events(planned)));
            }
        }
        return lines.values();
    }

    private static String count(double multiplyAdds) {
        return Text.of("%.2g", multiplyAdds);
    }
}
