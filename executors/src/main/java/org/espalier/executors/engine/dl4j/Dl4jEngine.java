// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.Network;
import org.espalier.experiments.network.Architecture;
import org.espalier.results.text.Text;

/** The engine on Deeplearning4j, the reference for the others. */
public final class Dl4jEngine implements Engine {
    private static final String ID = "dl4j";

    /** Counts changes of this package that change bits. */
    private static final int ARITHMETIC = 1;

    @Override
    public String id() {
        return ID;
    }

    /** For example {@code dl4j-1/haswell}: the kernels of OpenBLAS are part of it. */
    @Override
    public String numerics() {
        Nd4jRuntime.prepare();
        return ID + "-" + ARITHMETIC + "/" + BlasCore.name();
    }

    @Override
    public String backend() {
        Nd4jRuntime.prepare();
        return Text.of(
                "ND4J %s, OpenBLAS %s, %s",
                Nd4jRuntime.version(), BlasCore.name(), System.getProperty("os.arch"));
    }

    @Override
    public Network compile(Architecture architecture, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size must be at least 1, got " + batchSize);
        }
        Nd4jRuntime.prepare();
        return new Dl4jNetwork(architecture, batchSize);
    }
}
