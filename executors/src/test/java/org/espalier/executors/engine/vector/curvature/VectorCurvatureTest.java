// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.curvature;

import org.espalier.executors.engine.CurvatureContractTest;
import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.vector.VectorEngine;

class VectorCurvatureTest extends CurvatureContractTest {
    @Override
    protected Engine engine() {
        return new VectorEngine();
    }
}
