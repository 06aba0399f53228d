// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CONTRIBUTING.md: its example compiles and its test passes, and what it names is there. */
class ContributingTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("(?m)^(?:record|class) (\\w+)");
    private static final List<String> OF_LIBRARIES = List.of("ComputationGraph");
    private static final Pattern NAMED = Pattern.compile("`([^`\n]+)`");

    @TempDir private Path folder;

    @Test
    void itsExampleCompilesAndPasses() throws Exception {
        List<String> classes = compile();
        URL[] path =
                Stream.concat(
                                Stream.of(folder),
                                Arrays.stream(classPath().split(File.pathSeparator)).map(Path::of))
                        .map(ContributingTest::url)
                        .toArray(URL[]::new);
        int run = 0;
        // all classes anew, since those of one package must have one loader
        try (URLClassLoader loader =
                new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            for (String name : classes) {
                Class<?> type = loader.loadClass(name);
                for (Method method : type.getDeclaredMethods()) {
                    if (isTest(method)) {
                        Constructor<?> constructor = type.getDeclaredConstructor();
                        constructor.setAccessible(true);
                        method.setAccessible(true);
                        method.invoke(constructor.newInstance());
                        run++;
                    }
                }
            }
        }
        assertThat(run).isPositive();
    }

    private static boolean isTest(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(a -> a.annotationType().getName().equals(Test.class.getName()));
    }

    /** Names of the classes that the blocks declare, compiled as the build does. */
    private List<String> compile() throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-d",
                                folder.toString(),
                                "-cp",
                                classPath(),
                                "-proc:none",
                                "-Xlint:all,-processing,-path",
                                "-Werror"));
        List<String> classes = new ArrayList<>();
        Matcher blocks = JAVA.matcher(page("CONTRIBUTING.md"));
        while (blocks.find()) {
            Matcher type = TYPE.matcher(blocks.group(1));
            assertThat(type.find()).as("a block declares a type").isTrue();
            Path file = folder.resolve(type.group(1) + ".java");
            Files.writeString(file, blocks.group(1));
            arguments.add(file.toString());
            classes.add("org.espalier.experiments.pruning." + type.group(1));
        }
        assertThat(classes).hasSize(2);
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertThat(status).as("exit code of javac").isZero();
        return classes;
    }

    /** Paths and classes in backticks; {@code ...} stands for any folders. */
    @Test
    void whatItNamesIsThere() throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.walk(ROOT)) {
            files =
                    all.map(file -> ROOT.relativize(file).toString().replace(File.separator, "/"))
                            .filter(file -> !file.contains("target/") && !file.startsWith(".git/"))
                            .toList();
        }
        List<String> missing = new ArrayList<>();
        for (String page : List.of("CONTRIBUTING.md", "ARCHITECTURE.md")) {
            for (String name : NAMED.matcher(page(page)).results().map(r -> r.group(1)).toList()) {
                if (!isThere(name, files)) {
                    missing.add(page + ": " + name);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isThere(String name, List<String> files) {
        if (name.matches("[A-Z]\\w*(\\.[A-Za-z]\\w*)?")) { // a class, perhaps with a member
            String type = name.replaceFirst("\\..*", "");
            return !name.matches("[A-Z][a-z].*")
                    || files.stream().anyMatch(f -> f.endsWith("/" + type + ".java"))
                    || OF_LIBRARIES.contains(type)
                    || isNested(type, files);
        }
        if (name.matches("[a-z-]+/[\\w./-]*")) {
            String tail = name.replaceFirst("^[a-z]/|^\\.\\.\\./", "").replaceFirst("/$", "");
            Pattern path =
                    Pattern.compile(
                            "(.*/)?"
                                    + Arrays.stream(tail.split("\\.\\.\\."))
                                            .map(Pattern::quote)
                                            .collect(Collectors.joining(".*"))
                                    + "(\\.java|/.*)?");
            return name.contains("NAME") || files.stream().anyMatch(f -> path.matcher(f).matches());
        }
        return true;
    }

    /** A type inside of another one's file. */
    private static boolean isNested(String type, List<String> files) {
        Pattern declared = Pattern.compile("(class|record|interface|enum) " + type + "\\b");
        return files.stream()
                .filter(file -> file.endsWith(".java"))
                .anyMatch(
                        file -> {
                            try {
                                return declared.matcher(Files.readString(ROOT.resolve(file)))
                                        .find();
                            } catch (IOException e) {
                                return false;
                            }
                        });
    }

    private static String page(String name) throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
