// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import org.espalier.results.text.Text;

/** What the samples of a data set should be mapped to; immutable and shared. */
public sealed interface Targets {

    /** Number of samples. */
    int count();

    /** Number of network outputs that fit these targets. */
    int outputs();

    /**
     * Classes.
     *
     * @param classes number of classes
     * @param labels shape [count], each in [0, classes); given away by its maker
     */
    record Labels(int classes, int[] labels) implements Targets {
        public Labels {
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] < 0 || labels[i] >= classes) {
                    throw new IllegalArgumentException(
                            Text.of(
                                    "label %d of sample %d is not in [0, %d)",
                                    labels[i], i, classes));
                }
            }
        }

        @Override
        public int count() {
            return labels.length;
        }

        @Override
        public int outputs() {
            return classes;
        }
    }

    /**
     * Real values.
     *
     * @param values shape [count, outputs]; given away by its maker
     */
    record Values(int outputs, float[] values) implements Targets {
        public Values {
            if (outputs < 1 || values.length % outputs != 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%d values are no whole number of samples of %d",
                                values.length, outputs));
            }
        }

        @Override
        public int count() {
            return values.length / outputs;
        }
    }
}
