// SPDX-License-Identifier: Apache-2.0
package violations.executors.engine;

import violations.executors.engine.dl4j.SomeEngine;

/** A port that shows an engine. */
final class NamesAnEngine {
    SomeEngine engine;
}
