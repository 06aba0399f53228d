// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import org.espalier.results.text.Text;

/**
 * How the outputs y_k of a network react to the weights and the bias of one layer, averaged over
 * samples x:
 *
 * <pre>
 *   s0_i  = E_x sum_k (dy_k/db_i)^2                 shape [outputs]
 *   s1_ij = E_x sum_k (dy_k/dW_ij) (dy_k/db_i)      shape [outputs * inputs], row-major
 *   s2_ij = E_x sum_k (dy_k/dW_ij)^2                shape [outputs * inputs], row-major
 * </pre>
 *
 * For a dense layer dy_k/dW_ij = a_j dy_k/dz_i. For a convolution j runs over channel, kernel row
 * and kernel column, and the derivatives sum over positions. A layer without bias is treated as if
 * it had one, a shift of what it puts out.
 *
 * @param layer name of the layer
 */
public record Sensitivity(String layer, double[] s0, double[] s1, double[] s2) {
    public Sensitivity {
        if (s1.length != s2.length || s0.length == 0 || s1.length % s0.length != 0) {
            throw new IllegalArgumentException(
                    Text.of(
                            "sensitivity of %s has %d, %d and %d values",
                            layer, s0.length, s1.length, s2.length));
        }
    }

    /** Weights of one output. */
    public int inputs() {
        return s1.length / s0.length;
    }
}
