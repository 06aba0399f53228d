// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Engines;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.pruning.LayerKind;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.Need;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.experiments.schedule.Schedules;
import org.espalier.results.text.Paragraph;
import org.espalier.results.text.Text;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code espalier list}: what a sweep file may name. */
@Command(name = "list", description = "List architectures, data sets and methods, a line each.")
final class ListCommand implements Callable<Integer> {
    @Mixin private SweepOptions.Data data;
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws BadDataException {
        Map<String, String> datasets = data.datasets().names(); // fails before anything is printed
        Map<String, String> architectures = new LinkedHashMap<>();
        Architectures.list().forEach(entry -> architectures.put(entry.name(), entry.summary()));
        List<Map.Entry<String, String>> methods = new ArrayList<>();
        for (MethodDefinition method : Methods.all()) {
            methods.add(Map.entry(method.id(), method.summary()));
            for (MethodDefinition.Setting setting : method.settings()) {
                methods.add(Map.entry("  " + setting.name(), setting.expected()));
            }
            methods.addAll(suitability(method));
        }
        PrintWriter out = spec.commandLine().getOut();
        print(out, "architecture", architectures);
        print(out, "dataset", datasets);
        print(out, "method", methods);
        print(out, "schedule", List.copyOf(Schedules.summaries().entrySet()));
        return Espalier.DONE;
    }

    /** What a method with its defaults sees, and which layers it can rank on which engine. */
    private static List<Map.Entry<String, String>> suitability(MethodDefinition definition) {
        PruningMethod method = definition.create().apply(Map.of());
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        lines.add(Map.entry("  (ranks)", Text.word(method.unit()) + "s"));
        if (!method.needs().isEmpty()) {
            lines.add(
                    Map.entry(
                            "  (needs)",
                            method.needs().stream()
                                    .map(Need::text)
                                    .collect(Collectors.joining(", "))));
        }
        int before = lines.size();
        for (LayerKind kind : LayerKind.values()) {
            for (Engine engine : Engines.all()) {
                Suitability entry = Suitability.of(method, kind, engine);
                if (!entry.allowed() || !entry.why().isEmpty()) {
                    lines.add(
                            Map.entry(
                                    "  (" + (entry.allowed() ? "on" : "not on") + ")",
                                    Text.of(
                                            "%s, engine %s: %s",
                                            kind.text(), engine.id(), entry.why())));
                }
            }
        }
        if (lines.size() == before) {
            lines.add(Map.entry("  (on)", "every kind of layer, every engine"));
        }
        return lines;
    }

    static void print(PrintWriter out, String title, Map<String, String> entries) {
        print(out, title, List.copyOf(entries.entrySet()));
    }

    private static void print(
            PrintWriter out, String title, List<Map.Entry<String, String>> entries) {
        int width = entries.stream().mapToInt(entry -> entry.getKey().length()).max().orElse(0);
        int screen = OutputWidth.ofThisProcess();
        out.println(title);
        entries.forEach(
                entry ->
                        out.print(
                                Paragraph.of(
                                        Text.of(
                                                "  %-" + width + "s  %s",
                                                entry.getKey(),
                                                entry.getValue()),
                                        screen,
                                        width + 4)));
        out.println();
        out.flush();
    }
}
