// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.io.Serializable;
import org.espalier.results.text.Text;

/**
 * What a method must see of a network beside its weights, as data: a plan refuses from it what
 * cannot be given, and prices what can. Samples are of the training set; where it has fewer, all
 * are taken.
 */
public sealed interface Need extends Serializable {

    /** For lists and messages: {@code the gradient of 128 samples}. */
    String text();

    /** Training samples of one pass. */
    int samples();

    /**
     * {@link Evidence#gradient}.
     *
     * @param samples of each mini-batch
     * @param batches mini-batches whose gradients are averaged
     */
    record Gradient(int samples, int batches) implements Need {
        @Override
        public String text() {
            return batches == 1
                    ? "the gradient of " + Text.count(samples, "sample")
                    : Text.of(
                            "the mean gradient of %s of %s",
                            Text.count(batches, "batch", "batches"), Text.count(samples, "sample"));
        }
    }

    /** {@link Evidence#sensitivity}: derivatives of every output. */
    record Sensitivity(int samples, Evidence.Output output) implements Need {
        @Override
        public String text() {
            return Text.of(
                    "derivatives of the %s of %s",
                    Text.word(output), Text.count(samples, "sample"));
        }
    }

    /** {@link Evidence#fisherDiagonal}. */
    record Fisher(int samples) implements Need {
        @Override
        public String text() {
            return "the Fisher diagonal of " + Text.count(samples, "sample");
        }
    }

    /**
     * {@link Evidence#hessianProduct}.
     *
     * @param products how many
     */
    record HessianVector(int samples, int products) implements Need {
        @Override
        public String text() {
            return Text.of(
                    "%s of %s",
                    Text.count(products, "Hessian product"), Text.count(samples, "sample"));
        }
    }

    /** What units put out. */
    record Activations(int samples) implements Need {
        @Override
        public String text() {
            return "activations of " + Text.count(samples, "sample");
        }
    }

    /** Norms of what comes into each weight. */
    record InputNorms(int samples) implements Need {
        @Override
        public String text() {
            return "norms of the inputs of " + Text.count(samples, "sample");
        }
    }
}
