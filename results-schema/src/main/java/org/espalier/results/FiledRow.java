// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

/**
 * A row and where it was read, for messages that must name both.
 *
 * @param file as its file system calls it
 */
public record FiledRow(CellRow row, String file) {}
