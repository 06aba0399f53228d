// SPDX-License-Identifier: Apache-2.0
/** Figures of results, drawn from summaries of conditions alone. */
package org.espalier.experiments.figures;
