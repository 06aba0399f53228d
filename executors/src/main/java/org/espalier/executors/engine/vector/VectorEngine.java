// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Network;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.ScalarKernels;
import org.espalier.experiments.network.Architecture;
import org.espalier.results.text.Text;

/**
 * The plain-Java engine. It runs on vectors where the JVM has the module {@code
 * jdk.incubator.vector} ({@code --add-modules jdk.incubator.vector}); its bits are the same at
 * every width and without vectors. This class loads without the module.
 */
public final class VectorEngine implements Engine {

    /** Name in recipes and rows. */
    public static final String ID = "vector";

    /** Changes only when bits change; the densities at which forms change are part of it. */
    public static final String NUMERICS = "vector-2";

    /**
     * System property: {@code 128}, {@code 256} or {@code 512} bit instead of the machine's widest,
     * or {@code scalar} for none.
     */
    public static final String WIDTH_PROPERTY = "espalier.vector.bits";

    /**
     * System property of a JVM that computes nothing: whether those that do are started with the
     * module, so that this engine is the one they take.
     */
    public static final String PROMISED_PROPERTY = "espalier.vector.promised";

    private static final String SCALAR = "scalar";
    private static final String MODULE = "jdk.incubator.vector";
    private static final String SIMD =
            "org.espalier.executors.engine.vector.kernels.simd.SimdKernels";

    private final Supplier<Kernels> kernels;

    /** On this JVM's vectors; what needs them fails where there are none. */
    public VectorEngine() {
        kernels = VectorEngine::ofThisMachine;
    }

    VectorEngine(Kernels kernels) {
        this.kernels = () -> kernels;
    }

    /** Whether this JVM was started with the module that the engine's speed depends on. */
    public static boolean available() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    @Override
    public Optional<String> hindrance() {
        return available() || scalar() || Boolean.getBoolean(PROMISED_PROPERTY)
                ? Optional.empty()
                : Optional.of(hindranceWithoutModule());
    }

    private static String hindranceWithoutModule() {
        return Text.of(
                "this JVM has no module %s; start it with --add-modules %s, or choose engine dl4j",
                MODULE, MODULE);
    }

    private static boolean scalar() {
        return SCALAR.equals(System.getProperty(WIDTH_PROPERTY));
    }

    static Kernels ofThisMachine() {
        if (scalar()) {
            return new ScalarKernels();
        }
        if (!available()) {
            throw new IllegalStateException("engine vector: " + hindranceWithoutModule());
        }
        try {
            return (Kernels) Class.forName(SIMD).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("engine vector: " + SIMD + " is not in this build", e);
        }
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String numerics() {
        return NUMERICS;
    }

    @Override
    public String backend() {
        if (hindrance().isPresent()) {
            return "no vectors";
        }
        if (!available() && !scalar()) {
            return Text.of(
                    "Java %s, %s, vectors where it computes",
                    Runtime.version().feature(), System.getProperty("os.arch"));
        }
        return Text.of(
                "Java %s, %s, %s",
                Runtime.version().feature(),
                System.getProperty("os.arch"),
                kernels.get().description());
    }

    @Override
    public Network compile(Architecture architecture, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size must be at least 1, got " + batchSize);
        }
        return new VectorNetwork(kernels.get(), Compilation.of(architecture), batchSize);
    }
}
