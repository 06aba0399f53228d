// SPDX-License-Identifier: Apache-2.0
package violations.executors.engine;

/** A module without a fault. */
final class Executes {}
