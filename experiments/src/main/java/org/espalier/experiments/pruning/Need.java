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
                    ? Text.of("the gradient of %d samples", samples)
                    : Text.of("the mean gradient of %d batches of %d samples", batches, samples);
        }
    }

    /** {@link Evidence#sensitivity}: derivatives of every output. */
    record Sensitivity(int samples, Evidence.Output output) implements Need {
        @Override
        public String text() {
            return Text.of("derivatives of the %s of %d samples", Text.word(output), samples);
        }
    }

    /** {@link Evidence#fisherDiagonal}. */
    record Fisher(int samples) implements Need {
        @Override
        public String text() {
            return Text.of("the Fisher diagonal of %d samples", samples);
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
            return Text.of("%d Hessian products of %d samples", products, samples);
        }
    }

    /** What units put out. */
    record Activations(int samples) implements Need {
        @Override
        public String text() {
            return Text.of("activations of %d samples", samples);
        }
    }

    /** Norms of what comes into each weight. */
    record InputNorms(int samples) implements Need {
        @Override
        public String text() {
            return Text.of("norms of the inputs of %d samples", samples);
        }
    }
}
