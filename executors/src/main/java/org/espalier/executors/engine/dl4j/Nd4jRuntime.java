// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.espalier.results.text.Text;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J as this engine needs it, prepared once per JVM before the first array is made: {@link
 * SafeExecutioner} installed, one native thread, no needless collections.
 *
 * <p>OpenBLAS chooses its kernels by the processor when it is loaded, and kernels differ in their
 * bits. The environment variable {@code OPENBLAS_CORETYPE} chooses for it; a JVM cannot set its own
 * environment, so launchers do: {@code Haswell} on x86-64, which every processor with AVX2 runs.
 * The kernels that are really in use are part of {@link Dl4jEngine#numerics()}.
 */
final class Nd4jRuntime {
    private static final String EXECUTIONER = "opexec";
    private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxphysicalbytes";

    private Nd4jRuntime() {}

    /**
     * Loads and prepares ND4J, if it is not yet.
     *
     * @throws IllegalStateException if ND4J was loaded before with another executioner
     */
    static void prepare() {
        Holder.READY.run();
    }

    /** Version of ND4J, from the description in its jar. */
    static String version() {
        String description = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
        try (InputStream stream = Nd4j.class.getResourceAsStream(description)) {
            Properties properties = new Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "of unknown version");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + description, e);
        }
    }

    /** The class initialiser runs once, whichever thread is first. */
    private static final class Holder {
        static final Runnable READY = load();

        private static Runnable load() {
            System.setProperty(EXECUTIONER, SafeExecutioner.class.getName());
            setUnlessSet(MAX_PHYSICAL_BYTES, "0");
            setUnlessSet("org.nd4j.log.initialization", "false");
            Object executioner = Nd4j.getExecutioner();
            requireSafe(executioner);
            Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
            Nd4j.getEnvironment().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
            openblas_nolapack.blas_set_num_threads(1);
            return () -> {};
        }

        private static void setUnlessSet(String key, String value) {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        }
    }

    /** Fails unless this is the executioner that keeps operations alive. */
    static void requireSafe(Object executioner) {
        if (!(executioner instanceof SafeExecutioner)) {
            throw new IllegalStateException(
                    Text.of(
                            "ND4J runs on %s, expected %s: it was loaded before this engine."
                                    + " Start the JVM with -D%s=%s",
                            executioner.getClass().getName(),
                            SafeExecutioner.class.getName(),
                            EXECUTIONER,
                            SafeExecutioner.class.getName()));
        }
    }
}
