// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.espalier.driver.cli.Espalier;

/** The program in a JVM of its own, with the class path of the tests. */
public final class DriverProcess {
    private DriverProcess() {}

    /** A program of the JDK that runs the tests. */
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /**
     * {@code espalier run} of a tiny sweep's folder.
     *
     * @param folder with {@code sweep.yaml} and the data; the store goes there too
     * @param jvm options beyond those that Spark and the engine need
     * @param options of the command
     */
    static ProcessBuilder run(Path folder, String out, List<String> jvm, List<String> options) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(
                List.of(
                        "run",
                        folder.resolve("sweep.yaml").toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--out",
                        folder.resolve(out).toString(),
                        "--store",
                        folder.resolve("store").toString()));
        arguments.addAll(options);
        return of(jvm, arguments);
    }

    /**
     * Any command.
     *
     * @param jvm options beyond those that Spark and the engine need
     */
    public static ProcessBuilder of(List<String> jvm, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        for (String name : new String[] {"lang", "lang.invoke", "nio", "util"}) {
            command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
        }
        command.addAll(
                List.of(
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        command.addAll(jvm);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Espalier.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
