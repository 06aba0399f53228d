// SPDX-License-Identifier: Apache-2.0
/**
 * Data sets that are computed on the spot, the same bits on every machine: nothing to download.
 * Each has a fingerprint of its own that changes only when its bits change.
 */
package org.espalier.executors.data.made;
