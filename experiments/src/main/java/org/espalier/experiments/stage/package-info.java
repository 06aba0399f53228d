// SPDX-License-Identifier: Apache-2.0
/**
 * Stages: operations on a network, named by the hash of all that determines their bits. Cells
 * become leaves of a tree of stages, so work that several cells need is one stage. Planning needs
 * no engine and no data.
 */
package org.espalier.experiments.stage;
