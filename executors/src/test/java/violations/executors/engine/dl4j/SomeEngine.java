// SPDX-License-Identifier: Apache-2.0
package violations.executors.engine.dl4j;

/** An engine. */
public final class SomeEngine {}
