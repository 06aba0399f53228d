// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

/** A data set in memory; loaded once per JVM and shared by its slots. */
public record Dataset(DatasetInfo info, Samples train, Samples test) {
    public Dataset {
        if (info.trainSamples() != train.count() || info.testSamples() != test.count()) {
            throw new IllegalArgumentException(
                    "%s should have %d and %d samples, has %d and %d"
                            .formatted(
                                    info.name(),
                                    info.trainSamples(),
                                    info.testSamples(),
                                    train.count(),
                                    test.count()));
        }
    }
}
