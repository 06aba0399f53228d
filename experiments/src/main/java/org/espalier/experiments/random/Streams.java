// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The random streams of one seed. A stream depends on the seed, its purpose and its indices alone,
 * so cells that differ only in method or ratio start from the same weights, see the same batches
 * and the same wrong labels: their comparison is a paired one. Streams of an epoch are made anew
 * from the epoch's number, so a training that resumes needs no saved state.
 *
 * @param seed of the cell; any long
 */
public record Streams(long seed) {

    /** What a stream is drawn for. Renaming a constant changes every result. */
    public enum Purpose {
        /** Initial weights; index: position of the tensor. */
        INITIAL_WEIGHTS,
        /** Order of the training samples; index: epoch, counted through all phases. */
        DATA_ORDER,
        /** Which training samples are held out for validation. */
        VALIDATION_SPLIT,
        /** Wrong labels or perturbed targets; index: 0 for training, 1 for test. */
        NOISE,
        /** Random distortions of training samples; index: epoch. */
        AUGMENTATION,
        /** Dropout masks; indices: epoch, counted through all phases, and batch. */
        DROPOUT,
        /** Scores of the random method; index: pruning event. */
        PRUNING,
        /** Training samples on which scores are computed; index: pruning event. */
        SCORING,
        /** Gaussian noise on weights; index: event, or while training epoch and batch. */
        PERTURBATION,
        /** Masks of a ticket's density by chance; index: prunings behind the ticket. */
        SHUFFLED_MASK
    }

    /**
     * The stream of one purpose.
     *
     * <p>Its key is the first eight bytes of SHA-256 of {@code seed/PURPOSE/index/index...}.
     */
    public RandomStream of(Purpose purpose, long... indices) {
        StringBuilder text = new StringBuilder().append(seed).append('/').append(purpose.name());
        for (long index : indices) {
            text.append('/').append(index);
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return new RandomStream(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
