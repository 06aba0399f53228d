// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;

/** A data set that is made here: no file, no download, the same bits on every platform. */
public interface GeneratedSet {

    /** What it is; its fingerprint is the name and the generator's version. */
    DatasetInfo info();

    /** One line for a list. */
    String summary();

    /** Makes it anew. */
    Dataset make();
}
