// SPDX-License-Identifier: Apache-2.0
/**
 * The sweep file: read strictly, expanded into cells, frozen with all defaults. A cell is what a
 * user chose for one row.
 */
package org.espalier.experiments.sweep;
