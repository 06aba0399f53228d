// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import org.espalier.executors.engine.CurvatureContractTest;
import org.espalier.executors.engine.Engine;

class Dl4jCurvatureTest extends CurvatureContractTest {
    @Override
    protected Engine engine() {
        return new Dl4jEngine();
    }
}
