// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.util.Optional;

/** The four files of a data set in IDX. */
public enum IdxPart {
    TRAIN_IMAGES(IdxHeader.Kind.IMAGES, "training images", "train-images-idx3-ubyte"),
    TRAIN_LABELS(IdxHeader.Kind.LABELS, "training labels", "train-labels-idx1-ubyte"),
    TEST_IMAGES(IdxHeader.Kind.IMAGES, "test images", "t10k-images-idx3-ubyte"),
    TEST_LABELS(IdxHeader.Kind.LABELS, "test labels", "t10k-labels-idx1-ubyte");

    private final IdxHeader.Kind kind;
    private final String words;
    private final String usualName;

    IdxPart(IdxHeader.Kind kind, String words, String usualName) {
        this.kind = kind;
        this.words = words;
        this.usualName = usualName;
    }

    /** What the file holds. */
    public IdxHeader.Kind kind() {
        return kind;
    }

    /** What MNIST calls it, unpacked. */
    public String usualName() {
        return usualName;
    }

    /**
     * The part that a file's name stands for: {@code train}, or {@code t10k} or {@code test}, and
     * {@code images} or {@code idx3}, or {@code labels} or {@code idx1}, anywhere in it. No part
     * where one of the two is missing or the name says both.
     */
    public static Optional<IdxPart> ofName(String name) {
        boolean train = name.contains("train");
        boolean test = name.contains("t10k") || name.contains("test");
        boolean images = name.contains("images") || name.contains("idx3");
        boolean labels = name.contains("labels") || name.contains("idx1");
        if (train == test || images == labels) {
            return Optional.empty();
        }
        if (train) {
            return Optional.of(images ? TRAIN_IMAGES : TRAIN_LABELS);
        }
        return Optional.of(images ? TEST_IMAGES : TEST_LABELS);
    }

    @Override
    public String toString() {
        return words;
    }
}
