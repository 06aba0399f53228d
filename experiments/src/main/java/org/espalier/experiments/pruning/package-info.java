// SPDX-License-Identifier: Apache-2.0
/**
 * Scores, masks and pruning methods on plain arrays. A method ranks weights from the evidence it
 * asks for; masks narrow by exact counts.
 */
package org.espalier.experiments.pruning;
