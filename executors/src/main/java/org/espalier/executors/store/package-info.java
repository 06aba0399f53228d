// SPDX-License-Identifier: Apache-2.0
/**
 * The stage store: networks between two stages, kept by the names of their stages in files that
 * have a version of their own and outlive a sweep. What the file system refuses for good is the
 * environment's fault and no cell's.
 */
package org.espalier.executors.store;
