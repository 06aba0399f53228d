// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import org.espalier.executors.engine.Engine;
import org.espalier.executors.engine.EngineContractTest;

class Dl4jContractTest extends EngineContractTest {
    @Override
    protected Engine engine() {
        return new Dl4jEngine();
    }
}
