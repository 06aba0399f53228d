// SPDX-License-Identifier: Apache-2.0
/**
 * Data sets: made here, read from files, checked before use. Samples are shared and immutable;
 * noise is laid over them per cell.
 */
package org.espalier.executors.data;
