// SPDX-License-Identifier: Apache-2.0
/**
 * Results to be analysed with a watch in hand. {@code scripts/benchmark} compiles it and runs it;
 * nothing here is part of a sweep.
 */
package org.espalier.driver.benchmark;
