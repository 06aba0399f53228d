// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import java.io.Serializable;
import java.math.BigDecimal;
import org.espalier.results.text.Text;

/**
 * The rule of an update, as plain data; an engine applies it. w is a parameter, g the gradient of
 * the mean batch loss (with the decay term added where decay is coupled), r the learning rate.
 */
public sealed interface Optimizer extends Serializable {

    /** Name in sweep files. */
    String id();

    /** Settings in canonical spelling, {@code key=value} joined by spaces. */
    String canonicalText();

    /**
     * Stochastic gradient descent with heavy-ball momentum m (Polyak 1964), as PyTorch computes it
     * without dampening: {@code v = m v + g; w -= r v}, v from 0. With m = 0, the default, {@code w
     * -= r g} and no state.
     */
    record Sgd(BigDecimal momentum) implements Optimizer {
        public Sgd {
            momentum = fraction("momentum", momentum);
        }

        /** Without momentum. */
        public Sgd() {
            this(BigDecimal.ZERO);
        }

        /** Whether there is any momentum, and so a state. */
        public boolean hasMomentum() {
            return momentum.signum() != 0;
        }

        @Override
        public String id() {
            return "sgd";
        }

        @Override
        public String canonicalText() {
            return hasMomentum() ? "sgd momentum=" + Decimal.text(momentum) : "sgd";
        }
    }

    /**
     * Nesterov momentum as PyTorch computes it (Sutskever et al. 2013, shifted): {@code v = m v +
     * g; w -= r (g + m v)}.
     */
    record Nesterov(BigDecimal momentum) implements Optimizer {
        public Nesterov {
            momentum = fraction("momentum", momentum);
        }

        @Override
        public String id() {
            return "nesterov";
        }

        @Override
        public String canonicalText() {
            return "nesterov momentum=" + Decimal.text(momentum);
        }
    }

    /**
     * Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1), t counted from 1:
     *
     * <pre>
     *   m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2
     *   w -= r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
     * </pre>
     */
    record Adam(BigDecimal beta1, BigDecimal beta2, BigDecimal epsilon) implements Optimizer {
        public Adam {
            beta1 = fraction("beta1", beta1);
            beta2 = fraction("beta2", beta2);
            if (epsilon.signum() <= 0) {
                throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
            }
            epsilon = Decimal.canonical(epsilon);
        }

        @Override
        public String id() {
            return "adam";
        }

        @Override
        public String canonicalText() {
            return Text.of(
                    "adam beta1=%s beta2=%s epsilon=%s",
                    Decimal.text(beta1), Decimal.text(beta2), Decimal.text(epsilon));
        }
    }

    private static BigDecimal fraction(String name, BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
        }
        return Decimal.canonical(value);
    }
}
