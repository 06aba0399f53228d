// SPDX-License-Identifier: Apache-2.0
/**
 * Answers to the questions of the papers, from rows alone: tables, readings in plain words, caveats
 * and figures. Which rows, and where the tables go, is for others.
 */
package org.espalier.experiments.analysis;
