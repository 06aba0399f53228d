// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.scripts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.espalier.results.text.Text;

/** The scripts of this checkout beside sources, a Maven and JDKs that only pretend. */
final class FakeCheckout {
    private static final List<String> MODULES =
            List.of("driver", "executors", "experiments", "results-schema");
    private static final long LONGEST_SECONDS = 60;

    private final Path home;
    private final Path jdks;
    private final Path tools;
    private Path spark;

    /** What a script that ended has printed. */
    record Ended(int status, String out, String err) {}

    FakeCheckout(Path home, Path jdks) throws IOException {
        this.home = home;
        this.jdks = jdks;
        tools = home.resolveSibling("tools");
        copyScripts();
        Files.createDirectories(jdks);
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Path sources = Files.createDirectories(home.resolve(module + "/src/main"));
            Files.writeString(home.resolve(module + "/pom.xml"), "");
            Files.writeString(sources.resolve("A.java"), "");
            Files.writeString(sources.resolve("B.java"), "");
        }
        maven("sleep 0");
        passTools();
    }

    Path home() {
        return home;
    }

    Path script(String name) {
        return home.resolve("scripts").resolve(name);
    }

    private void copyScripts() throws IOException {
        Path scripts = Path.of("..", "scripts").toAbsolutePath().normalize();
        try (Stream<Path> files = Files.walk(scripts)) {
            for (Path file : files.toList()) {
                Path target = home.resolve("scripts").resolve(scripts.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    /** A PATH with what the scripts call, and no JDK on it. */
    private void passTools() throws IOException {
        Files.createDirectories(tools);
        for (String tool :
                List.of(
                        "basename",
                        "bash",
                        "cat",
                        "cut",
                        "dirname",
                        "env",
                        "find",
                        "flock",
                        "grep",
                        "head",
                        "mkdir",
                        "mv",
                        "readlink",
                        "sed",
                        "sh",
                        "sleep",
                        "stty",
                        "tail",
                        "touch",
                        "uname")) {
            for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(place.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
                    program(tools.resolve(tool), Text.of("exec %s \"$@\"", place.resolve(tool)));
                }
            }
        }
    }

    /** A JDK that prints its version and arguments. */
    Path jdk(Path place, String version) throws IOException {
        Path bin = Files.createDirectories(place.resolve("bin"));
        Files.writeString(place.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        for (String tool : List.of("java", "javac")) {
            program(
                    bin.resolve(tool),
                    Text.of("printf '%%s' 'java %s'", version),
                    "printf ' columns %s %s' \"$ESPALIER_OUT_COLUMNS\" \"$ESPALIER_COLUMNS\"",
                    "for a in \"$@\"; do printf ' [%s]' \"$a\"; done",
                    "[ -z \"${LC_ALL:-}\" ] || printf ' LC_ALL=%s' \"$LC_ALL\"");
        }
        return place;
    }

    /** A system of these locales, whose present one has that character set. */
    void locales(String characters, String... known) throws IOException {
        program(
                tools.resolve("locale"),
                "case $1 in",
                Text.of("  charmap) echo %s ;;", characters),
                Text.of("  -a) printf '%%s\\n' %s ;;", String.join(" ", known)),
                "esac");
    }

    /** What a script that is called by a relative path sees where CDPATH is exported. */
    Ended fromInside(String script, Path javaHome, String cdPath) throws IOException {
        Path caller = home.resolve("caller");
        program(
                caller,
                Text.of("cd '%s'", home),
                Text.of("export CDPATH='%s'", cdPath),
                Text.of("exec %s version", script));
        return run(caller, javaHome, List.of());
    }

    /** A Spark of which only one jar is there. */
    void spark(Path place, String jar) throws IOException {
        Path jars = Files.createDirectories(place.resolve("jars"));
        Files.writeString(jars.resolve(jar), "");
        spark = place;
    }

    void mavenTakes(int seconds) throws IOException {
        maven("sleep " + seconds);
    }

    void mavenFails(String... lines) throws IOException {
        List<String> script = new ArrayList<>();
        for (String line : lines) {
            script.add(Text.of("echo '%s'", line));
        }
        script.add("exit 1");
        program(home.resolve("mvnw"), script.toArray(String[]::new));
    }

    private void maven(String first) throws IOException {
        program(
                home.resolve("mvnw"),
                first,
                "echo built >>builds",
                "for m in driver executors experiments results-schema; do",
                "  mkdir -p $m/target/classes",
                "done",
                "mkdir -p driver/target/lib driver/target/spark/jars",
                "touch driver/target/espalier.jar");
    }

    /** As after {@code ./mvnw verify}. */
    void builtByMaven() throws IOException {
        for (String module : MODULES) {
            Path status =
                    home.resolve(module)
                            .resolve(
                                    "target/maven-status/maven-compiler-plugin/compile/default-compile");
            Files.createDirectories(status);
            Files.writeString(status.resolve("inputFiles.lst"), "");
            Files.createDirectories(home.resolve(module + "/target/classes"));
        }
        Files.createDirectories(home.resolve("driver/target/lib"));
        Files.createDirectories(home.resolve("driver/target/spark/jars"));
        Files.writeString(home.resolve("driver/target/espalier-driver-0.jar"), ""); // packed last
    }

    private static void program(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + file);
        }
    }

    /** How often Maven was run to the end. */
    int builds() throws IOException {
        Path builds = home.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    Ended espalier(Path javaHome, String... arguments) {
        try {
            return run(script("espalier"), javaHome, List.of(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ended run(Path script, Path javaHome, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile(home.getParent(), "out", "");
        Path err = Files.createTempFile(home.getParent(), "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(home.getParent().toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", tools.toString());
        environment.put("HOME", home.getParent().toString());
        environment.put("ESPALIER_JDK_PLACES", jdks.toString());
        if (javaHome != null) {
            environment.put("JAVA_HOME", javaHome.toString());
        }
        if (spark != null) {
            environment.put("SPARK_HOME", spark.toString());
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
