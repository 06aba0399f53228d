// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;

/**
 * Beside a pass in evaluation mode the derivatives of all its values and gradients along a
 * direction V of the parameters, {@code R{f} = d/dr f(W + r V)} at r = 0: Pearlmutter's R-operator,
 * in whose notation the nodes' formulas are. The derivatives of the parameters' gradients are the
 * product of the Hessian with V.
 *
 * <p>Pearlmutter 1994, Fast Exact Multiplication by the Hessian, Neural Computation 6(1).
 */
final class TangentPass {

    /** Values and gradients. */
    final Pass pass;

    /** Their derivatives along the direction; those of the network's input are 0. */
    final Pass along;

    /** Values, and derivatives of the gradients. */
    final Pass gradientsAlong;

    /** Derivatives of the values, and gradients. */
    final Pass valuesAlong;

    private final Map<Trained, float[]> directions = new HashMap<>();
    private final Map<String, double[]> sums = new HashMap<>();

    /** For the batches of a pass with room for gradients. */
    TangentPass(Pass pass, Trained[] trained, List<Tensor> direction) {
        this.pass = pass;
        along = new Pass(pass, new float[pass.values.length], new float[pass.gradients.length]);
        gradientsAlong = new Pass(pass, pass.values, along.gradients);
        valuesAlong = new Pass(pass, along.values, pass.gradients);
        for (Trained p : trained) {
            float[] values = Tensors.named(direction, p.parameter.name()).values();
            directions.put(p, p.withPadding(values));
            sums.put(p.parameter.name(), new double[p.parameter.size()]);
        }
    }

    /** The direction at a parameter, in dense form. */
    float[] direction(Trained parameter) {
        return directions.get(parameter);
    }

    /** Adds derivatives of a parameter's gradient of the batch's mean loss, row-major. */
    void add(Trained parameter, float[] derivatives) {
        double[] sum = sums.get(parameter.parameter.name());
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (double) pass.count * derivatives[i];
        }
    }

    /** Adds a batch whose values are computed, and whose loss gradient is at the output. */
    void run(Node[] nodes, Loss loss, Architecture.Loss kind) {
        for (Pass other : List.of(along, gradientsAlong, valuesAlong)) {
            other.begin(pass.count, null);
        }
        for (Node node : nodes) {
            node.forwardTangent(this);
        }
        switch (kind) {
            case SOFTMAX_CROSS_ENTROPY -> loss.softmaxTangent(this);
            case SQUARED_ERROR -> loss.squaredErrorTangent(this);
        }
        for (int n = nodes.length - 1; n >= 0; n--) {
            nodes[n].backwardTangent(this);
            nodes[n].inputGradient(pass);
        }
    }

    /** The product of the mean loss over all {@code count} samples. */
    List<Tensor> means(Architecture architecture, int count) {
        return Tensors.means(architecture, sums, count);
    }
}
