// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import org.espalier.results.text.Text;

/** A data set in memory; loaded once per JVM and shared by its slots. */
public record Dataset(DatasetInfo info, Samples train, Samples test) {
    public Dataset {
        if (info.trainSamples() != train.count() || info.testSamples() != test.count()) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s should have %d and %d samples, has %d and %d",
                            info.name(),
                            info.trainSamples(),
                            info.testSamples(),
                            train.count(),
                            test.count()));
        }
    }
}
