// SPDX-License-Identifier: Apache-2.0
/**
 * What stages find out, as a list that only grows, and its projection onto the columns of a row. A
 * failed cell keeps the journal it had.
 */
package org.espalier.experiments.journal;
