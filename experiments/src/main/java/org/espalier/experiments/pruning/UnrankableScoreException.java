// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import org.espalier.results.text.Text;

/** A score or a shift that is not finite, which is what a diverged network gives. */
public final class UnrankableScoreException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnrankableScoreException(String what, String tensor, int index, float value) {
        super(Text.of("%s of weight %d of %s is %s", what, index, tensor, value));
    }
}
