// SPDX-License-Identifier: Apache-2.0
/**
 * Data sets in files of the IDX format, as MNIST is published: headers checked before anything is
 * allocated, checksums of the sets that are known. A folder of such files is a data set.
 */
package org.espalier.executors.data.idx;
