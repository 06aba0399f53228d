// SPDX-License-Identifier: Apache-2.0
/**
 * Stages: operations in their places, named by the hash of all that determines their bits. What
 * cells come to are graphs of stages, so work that several cells need is one stage. Planning needs
 * no engine and no data.
 */
package org.espalier.experiments.stage;
