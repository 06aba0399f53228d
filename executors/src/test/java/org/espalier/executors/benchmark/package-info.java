// SPDX-License-Identifier: Apache-2.0
/**
 * Training steps to be timed beside those of another framework. {@code scripts/benchmark} compiles
 * it and runs both sides in turns; nothing here is part of a sweep.
 */
package org.espalier.executors.benchmark;
