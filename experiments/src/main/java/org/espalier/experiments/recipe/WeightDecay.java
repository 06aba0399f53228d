// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;
import org.espalier.results.text.Text;

/**
 * Pull of the weights of dense and convolutional layers towards 0; biases and normalisation are
 * never decayed.
 *
 * @param coefficient not negative; 0 for none
 */
public record WeightDecay(BigDecimal coefficient, Kind kind) implements Serializable {

    /** No decay. */
    public static final WeightDecay NONE = new WeightDecay(BigDecimal.ZERO, Kind.COUPLED);

    /** How the pull enters the update. */
    public enum Kind {
        /**
         * L2 regularisation: {@code g += c w} before the optimiser sees g, as PyTorch's
         * weight_decay.
         */
        COUPLED,
        /**
         * {@code w -= r c w} beside the optimiser's update (Loshchilov and Hutter 2019,
         * 1711.05101).
         */
        DECOUPLED
    }

    public WeightDecay {
        if (coefficient.signum() < 0) {
            throw new IllegalArgumentException(
                    "weight decay must not be negative, got " + coefficient);
        }
        coefficient = Decimal.canonical(coefficient);
        kind = coefficient.signum() == 0 ? Kind.COUPLED : kind;
    }

    String canonicalText() {
        return coefficient.signum() == 0
                ? "decay=0"
                : "decay=" + Decimal.text(coefficient) + " " + Text.word(kind);
    }
}
