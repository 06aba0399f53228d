// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The package that uses an incubating module is compiled without -Werror, as javac always warns of
 * the module. Here it is compiled with all warnings, and that one alone may appear.
 */
class SimdWarningsTest {
    private static final Path SIMD =
            Path.of("src/main/java/org/espalier/executors/engine/vector/simd");

    @TempDir Path folder;

    @Test
    void vectorClassesCompileWithoutWarnings() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.list(SIMD)) {
            sources = files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
        assertThat(sources).hasSizeGreaterThan(5);

        assertThat(warnings(sources)).isEmpty();
    }

    /** A class of the kind that the check is for. */
    @Test
    void findsAWarning() throws IOException {
        Path source = folder.resolve("Raw.java");
        Files.writeString(
                source,
                """
                class Raw {
                    jdk.incubator.vector.FloatVector vector;
                    java.util.List list;
                }
                """);

        assertThat(warnings(List.of(source))).singleElement().asString().contains("rawtypes");
    }

    /** What the compiler says of the sources, but for the incubating module. */
    private List<String> warnings(List<Path> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options =
                List.of(
                        "--add-modules=jdk.incubator.vector",
                        "-Xlint:all,-processing,-classfile,-options",
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
            compiler.getTask(
                            null,
                            files,
                            found,
                            options,
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> messages = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : found.getDiagnostics()) {
            if (!diagnostic.getCode().equals("compiler.warn.incubating.modules")) {
                messages.add(diagnostic.getCode() + ": " + diagnostic);
            }
        }
        return messages;
    }
}
