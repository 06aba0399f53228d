// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.curvature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.espalier.executors.engine.Tensors;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;

/**
 * Beside a pass in evaluation mode the derivatives of all its values and gradients along a
 * direction V of the parameters, {@code R{f} = d/dr f(W + r V)} at r = 0: Pearlmutter's R-operator,
 * in whose notation the nodes' formulas are. The derivatives of the parameters' gradients are the
 * product of the Hessian with V.
 *
 * <p>Pearlmutter 1994, Fast Exact Multiplication by the Hessian, Neural Computation 6(1).
 *
 * @param <P> a batch with its values and gradients
 */
public final class TangentPass<P> {
    private final P pass;
    private final P along;
    private final P gradientsAlong;
    private final P valuesAlong;
    private final Map<String, float[]> directions = new HashMap<>();
    private final Map<String, double[]> sums = new HashMap<>();
    private int count;

    /**
     * For the batches of a pass with room for gradients; {@code gradientsAlong} and {@code
     * valuesAlong} read the arrays of the other two.
     *
     * @param directions V at each trained parameter, as the nodes want it; given away
     */
    public TangentPass(
            P pass, P along, P gradientsAlong, P valuesAlong, Map<Parameter, float[]> directions) {
        this.pass = pass;
        this.along = along;
        this.gradientsAlong = gradientsAlong;
        this.valuesAlong = valuesAlong;
        directions.forEach(
                (p, direction) -> {
                    this.directions.put(p.name(), direction);
                    sums.put(p.name(), new double[p.size()]);
                });
    }

    /** Values and gradients. */
    public P pass() {
        return pass;
    }

    /** Their derivatives along the direction; those of the network's input are 0. */
    public P along() {
        return along;
    }

    /** Values, and derivatives of the gradients. */
    public P gradientsAlong() {
        return gradientsAlong;
    }

    /** Derivatives of the values, and gradients. */
    public P valuesAlong() {
        return valuesAlong;
    }

    /** The direction at a parameter, as it was given. */
    public float[] direction(Parameter parameter) {
        return directions.get(parameter.name());
    }

    /** Adds derivatives of a parameter's gradient of the batch's mean loss, row-major. */
    public void add(Parameter parameter, float[] derivatives) {
        double[] sum = sums.get(parameter.name());
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (double) count * derivatives[i];
        }
    }

    /**
     * Adds a batch whose values are computed, and whose loss gradient is at the output.
     *
     * @param nodes in the order of the forward pass
     * @param loss from the derivatives of the outputs to those of their gradients
     * @param samples of the batch
     */
    public void run(List<? extends Curved<P>> nodes, Consumer<TangentPass<P>> loss, int samples) {
        count = samples;
        for (Curved<P> node : nodes) {
            node.forwardTangent(this);
        }
        loss.accept(this);
        for (int n = nodes.size() - 1; n >= 0; n--) {
            nodes.get(n).backwardTangent(this);
            nodes.get(n).inputGradient(pass);
        }
    }

    /** The product of the mean loss over all samples. */
    public List<Tensor> means(Architecture architecture, int samples) {
        return Tensors.means(architecture, sums, samples);
    }
}
