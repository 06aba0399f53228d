// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxPartTest {

    @ParameterizedTest
    @EnumSource
    void knowsItsUsualName(IdxPart part) {
        assertThat(IdxPart.ofName(part.usualName())).contains(part);
        assertThat(IdxPart.ofName(part.usualName().replace("-idx", ".idx") + ".gz")).contains(part);
    }

    @ParameterizedTest
    @CsvSource({
        "emnist-balanced-test-labels-idx1-ubyte.gz, TEST_LABELS",
        "qmnist-train-images, TRAIN_IMAGES",
        "k49-train.idx1, TRAIN_LABELS",
        "test.idx3, TEST_IMAGES",
        "strain-train-images-idx3-ubyte, TRAIN_IMAGES",
        "strain-t10k-labels-idx1-ubyte.gz, TEST_LABELS",
        "latest-train-images-idx3-ubyte, TRAIN_IMAGES",
        "contest-train-labels-idx1-ubyte, TRAIN_LABELS",
        "contest-test-labels-idx1-ubyte, TEST_LABELS",
        "noisy-labels-train-images-idx3-ubyte, TRAIN_IMAGES",
        "noisy-labels-train-images, TRAIN_IMAGES",
        "noisy-labels-test-labels, TEST_LABELS",
        "mytrainimages, TRAIN_IMAGES",
        "train-images-labels, TRAIN_LABELS"
    })
    void readsAnyPrefix(String name, IdxPart part) {
        assertThat(IdxPart.ofName(name)).contains(part);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"images-idx3-ubyte", "train-idx2-int", "train-test-images", "PROVENANCE.md"})
    void leavesOtherNamesAlone(String name) {
        assertThat(IdxPart.ofName(name)).isEmpty();
    }
}
