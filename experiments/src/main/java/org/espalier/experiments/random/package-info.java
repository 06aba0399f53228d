// SPDX-License-Identifier: Apache-2.0
/**
 * Random numbers whose bits are pinned. Every draw of the project comes from a named stream of a
 * cell's seed.
 */
package org.espalier.experiments.random;
