// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.executors.engine.vector.kernels.ScalarKernels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings have the same bits without vectors and at every width that the machine has. */
class VectorWidthTest {
    private static Map<String, String> scalar;

    @BeforeAll
    static void withoutVectors() {
        scalar = new TreeMap<>(TrainingBits.all(new VectorEngine(new ScalarKernels())));
    }

    /**
     * Bits that must not change without {@link VectorEngine#NUMERICS}: results of different bits
     * must not share a name.
     */
    @Test
    void keepsItsBits() {
        assertThat(scalar)
                .isEqualTo(
                        Map.of(
                                "mlp", "c1a072b380c5408a",
                                "regression", "f3f9324a116dcef8",
                                "lenet", "cf9287752278bb67",
                                "wide", "62af573b253ba91b",
                                "residual", "d12e19682ceaa8fa",
                                "curvature", "81673b1a3c2447fd"));
        assertThat(VectorEngine.NUMERICS).isEqualTo("vector-2");
    }

    @ParameterizedTest(name = "{0} bit")
    @ValueSource(ints = {128, 256, 512})
    void hasTheBitsOfTheScalarForm(int bits) throws IOException, InterruptedException {
        assumeThat(bits).as("widest vectors of this machine").isLessThanOrEqualTo(widest());

        List<String> lines =
                run(
                        "--add-modules=jdk.incubator.vector",
                        "-D" + VectorEngine.WIDTH_PROPERTY + "=" + bits,
                        TrainingBits.class.getName());

        Map<String, String> found = new TreeMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words.length == 2 && scalar.containsKey(words[0])) {
                found.put(words[0], words[1]);
            }
        }
        assertThat(found).as(String.join("\n", lines)).isEqualTo(scalar);
    }

    @Test
    void saysWhatIsMissingWithoutTheModule() throws IOException, InterruptedException {
        List<String> lines = run(TrainingBits.class.getName());

        assertThat(String.join("\n", lines))
                .contains(
                        "start it with --add-modules jdk.incubator.vector, or choose engine dl4j");
    }

    /** From the description of the kernels in this JVM: {@code ..., 512 bit}. */
    private static int widest() {
        assumeThat(VectorEngine.available()).isTrue();
        String[] words = new VectorEngine().backend().split(" ");
        return Integer.parseInt(words[words.length - 2]);
    }

    /** Standard output and errors of another JVM with this one's class path. */
    private static List<String> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().toList();
    }
}
