// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.espalier.executors.data.BadDataException;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.pruning.MethodDefinition;
import org.espalier.experiments.pruning.Methods;
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
        Map<String, String> methods = new LinkedHashMap<>();
        for (MethodDefinition method : Methods.all()) {
            methods.put(method.id(), method.summary());
            for (MethodDefinition.Setting setting : method.settings()) {
                methods.put("  " + setting.name(), setting.expected());
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        print(out, "architecture", architectures);
        print(out, "dataset", datasets);
        print(out, "method", methods);
        return Espalier.DONE;
    }

    static void print(PrintWriter out, String title, Map<String, String> entries) {
        int width = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
        out.println(title);
        entries.forEach(
                (name, summary) ->
                        out.printf(Locale.ROOT, "  %-" + width + "s  %s%n", name, summary));
        out.println();
        out.flush();
    }
}
