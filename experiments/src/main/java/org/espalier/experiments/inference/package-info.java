// SPDX-License-Identifier: Apache-2.0
/**
 * Statistical inference over seeds: intervals, tests, correlations, comparisons of methods. Plain
 * functions of numbers that know nothing of rows. Every one is held to R or SciPy by oracle files.
 */
package org.espalier.experiments.inference;
