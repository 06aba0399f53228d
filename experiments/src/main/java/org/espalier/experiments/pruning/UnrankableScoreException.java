// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

/** A score or a shift that is not finite, which is what a diverged network gives. */
public final class UnrankableScoreException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnrankableScoreException(String what, String tensor, int index, float value) {
        super("%s of weight %d of %s is %s".formatted(what, index, tensor, value));
    }
}
