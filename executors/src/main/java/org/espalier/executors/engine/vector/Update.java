// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.List;
import org.espalier.executors.engine.vector.kernels.Kernels;
import org.espalier.executors.engine.vector.kernels.Memory;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/** The optimiser of a training: its constants and the number of updates so far. */
final class Update {
    private final Optimizer optimizer;
    private final WeightDecay.Kind decayKind;
    private final double decay;
    private final double beta1;
    private final double beta2;
    private final Kernels.Adam adam; // null with another rule
    private final float momentum;
    long updates;

    Update(Optimizer optimizer, WeightDecay decay) {
        this.optimizer = optimizer;
        decayKind = decay.kind();
        this.decay = decay.coefficient().doubleValue();
        if (optimizer instanceof Optimizer.Adam rule) {
            beta1 = rule.beta1().doubleValue();
            beta2 = rule.beta2().doubleValue();
            adam =
                    new Kernels.Adam(
                            (float) beta1,
                            (float) (1 - beta1),
                            (float) beta2,
                            (float) (1 - beta2),
                            rule.epsilon().floatValue());
            momentum = 0;
        } else {
            beta1 = 0;
            beta2 = 0;
            adam = null;
            momentum =
                    optimizer instanceof Optimizer.Nesterov nesterov
                            ? nesterov.momentum().floatValue()
                            : ((Optimizer.Sgd) optimizer).momentum().floatValue();
        }
    }

    /** Names of the state's tensors before the slash, in order. */
    List<String> stateNames() {
        if (optimizer instanceof Optimizer.Adam) {
            return List.of("mean", "square");
        }
        boolean plain = optimizer instanceof Optimizer.Sgd sgd && !sgd.hasMomentum();
        return plain ? List.of() : List.of("momentum");
    }

    /** One update of all parameters from their gradients. */
    void apply(Kernels kernels, Trained[] parameters, double rate) {
        updates++;
        float adamRate = 0;
        float adamRoot = 0;
        if (adam != null) {
            adamRate = (float) (rate / (1 - StrictMath.pow(beta1, updates)));
            adamRoot = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, updates)));
        }
        for (Trained p : parameters) {
            int at = Memory.ORIGIN;
            if (decay != 0 && p.isWeight()) {
                if (decayKind == WeightDecay.Kind.COUPLED) {
                    kernels.couple(p.gradient, p.value, at, p.length, (float) decay);
                } else {
                    kernels.shrink(p.value, at, p.length, (float) (rate * decay));
                }
            }
            if (adam != null) {
                kernels.adam(
                        p.value,
                        p.gradient,
                        p.first,
                        p.second,
                        at,
                        p.length,
                        adam,
                        adamRate,
                        adamRoot);
            } else if (optimizer instanceof Optimizer.Nesterov) {
                kernels.nesterov(
                        p.value, p.gradient, p.first, at, p.length, (float) rate, momentum);
            } else if (momentum != 0) {
                kernels.heavyBall(
                        p.value, p.gradient, p.first, at, p.length, (float) rate, momentum);
            } else {
                kernels.sgd(p.value, p.gradient, at, p.length, (float) rate);
            }
        }
    }
}
