// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

class SafeExecutionerTest {
    private static final int SECONDS = 8;
    private static final int CONTROL_SECONDS = 60; // far more than a crash takes

    @TempDir private Path folder;

    /** How a JVM ended. */
    private record End(int code, String output) {}

    @Test
    void isInstalledByTheEngine() {
        new Dl4jEngine().numerics(); // the first thing that any use asks for

        assertThat(Nd4j.getExecutioner()).isInstanceOf(SafeExecutioner.class);
    }

    @Test
    void overridesEveryExec() {
        List<Method> missing =
                Arrays.stream(NativeOpExecutioner.class.getDeclaredMethods())
                        .filter(m -> m.getName().equals("exec") && !m.isBridge())
                        .filter(m -> Modifier.isPublic(m.getModifiers()))
                        .filter(m -> !isOverridden(m))
                        .toList();

        assertThat(missing).isEmpty();
    }

    private static boolean isOverridden(Method method) {
        return Arrays.stream(SafeExecutioner.class.getDeclaredMethods())
                .anyMatch(
                        m ->
                                m.getName().equals(method.getName())
                                        && Arrays.equals(
                                                m.getParameterTypes(), method.getParameterTypes()));
    }

    @Test
    void anotherExecutionerIsRefused() {
        assertThatThrownBy(() -> Nd4jRuntime.requireSafe("another"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ND4J runs on java.lang.String, expected " + NAME)
                .hasMessageContaining("-Dopexec=" + NAME);
    }

    private static final String NAME = SafeExecutioner.class.getName();

    @Test
    void broadcastsOnTemporariesSurvive() throws Exception {
        End end = stress("safe", SECONDS);

        assertThat(end.code).as(end.output).isZero();
        assertThat(end.output).contains(BroadcastStress.SURVIVED + "SafeExecutioner");
    }

    /** The control: where this no longer fails, ND4J is mended and this package can be simpler. */
    @Test
    @EnabledIfSystemProperty(
            named = "espalier.stress",
            matches = "true",
            disabledReason = "crashes a JVM; -Despalier.stress=true runs it")
    void broadcastsOnTemporariesCrashWithoutIt() throws Exception {
        End end = stress("stock", CONTROL_SECONDS);

        assertThat(end.code).as(end.output).isNotZero();
        assertThat(end.output).contains("SIGSEGV").doesNotContain(BroadcastStress.SURVIVED);
    }

    private End stress(String executioner, int seconds) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        java.toString(),
                        "-Xmn8m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash"),
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BroadcastStress.class.getName(),
                        Integer.toString(seconds),
                        executioner);
        builder.environment().put("OMP_NUM_THREADS", "1");
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        int code = process.waitFor();
        return new End(code, Files.readString(log, StandardCharsets.UTF_8));
    }
}
