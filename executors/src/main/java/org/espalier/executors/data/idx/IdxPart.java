// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
     * {@code images} or {@code idx3}, or {@code labels} or {@code idx1}, anywhere in it. What
     * stands as a word of its own counts before a part of another one ({@code
     * latest-train-images}), {@code idx3} and {@code idx1} before {@code images} and {@code
     * labels}, and of these the last ({@code noisy-labels-train-images}). No part where one of the
     * two is missing, or the name says both training and test.
     */
    public static Optional<IdxPart> ofName(String name) {
        List<String> sets = words(name, List.of("train", "t10k", "test"));
        boolean train = sets.contains("train");
        List<String> kinds = words(name, List.of("idx3", "idx1"));
        if (kinds.isEmpty()) {
            kinds = words(name, List.of("images", "labels"));
        }
        if (sets.isEmpty() || kinds.isEmpty() || train && !Set.of("train").containsAll(sets)) {
            return Optional.empty();
        }
        String kind = kinds.get(kinds.size() - 1);
        boolean images = kind.equals("images") || kind.equals("idx3");
        if (train) {
            return Optional.of(images ? TRAIN_IMAGES : TRAIN_LABELS);
        }
        return Optional.of(images ? TEST_IMAGES : TEST_LABELS);
    }

    /** Which of some words a name holds, in their order: as words, or else as parts of words. */
    private static List<String> words(String name, List<String> sought) {
        List<String> whole =
                Stream.of(name.split("[^A-Za-z0-9]+")).filter(sought::contains).toList();
        return whole.isEmpty()
                ? sought.stream()
                        .filter(name::contains)
                        .sorted(Comparator.comparingInt(name::lastIndexOf))
                        .toList()
                : whole;
    }

    @Override
    public String toString() {
        return words;
    }
}
