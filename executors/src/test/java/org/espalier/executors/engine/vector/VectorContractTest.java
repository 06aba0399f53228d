// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.EngineContractTest;

class VectorContractTest extends EngineContractTest {
    @Override
    protected Engine engine() {
        return new VectorEngine();
    }
}
