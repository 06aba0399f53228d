// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.List;
import java.util.Map;
import org.espalier.executors.data.Samples;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Evidence;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.pruning.Sensitivity;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/**
 * A network on an engine: the only way by which the training loop and the pruning methods see one.
 * Everything crosses as named float tensors in the order and layout of {@link
 * Architecture#parameters()}. Mutable; for one thread; closed after use.
 *
 * <p>Samples are named by rows of a data set: {@code rows[from] ... rows[from + count - 1]}.
 */
public interface Network extends AutoCloseable {

    /** What was compiled. */
    Architecture architecture();

    /** Copies of all parameters, running statistics too. */
    List<Tensor> parameters();

    /**
     * Replaces parameters; the masks stay and are applied.
     *
     * @throws IllegalArgumentException if a tensor is missing, unknown or of another shape
     */
    void load(List<Tensor> parameters);

    /**
     * Sets masked weights to exactly zero, now and after every update, and the optimiser's state at
     * them to zero. Tensors not named are not masked.
     *
     * @param masks by the name of a weight tensor
     */
    void mask(Map<String, Mask> masks);

    /**
     * Starts training with an optimiser whose state is zero, and forgets the previous one.
     *
     * @see #loadOptimizerState
     */
    void train(Optimizer optimizer, WeightDecay decay);

    /**
     * The optimiser's state: tensors named {@code state/parameter}, e.g. {@code
     * momentum/fc1.weight}; {@code mean/...} and {@code square/...} for Adam, and a tensor {@code
     * updates} with the number of updates so far.
     */
    List<Tensor> optimizerState();

    /** Continues from a state given by {@link #optimizerState()} after the same {@link #train}. */
    void loadOptimizerState(List<Tensor> state);

    /**
     * One update: forward and backward on a batch in training mode, then the optimiser, then the
     * masks.
     *
     * @param learningRate of this update
     * @param dropout stream for dropout masks, drawn layer by layer, each sample by sample, element
     *     by element, one {@code nextFloat()} each, dropped where it is below the rate
     * @return of the batch before the update
     */
    BatchResult step(
            Samples samples,
            int[] rows,
            int from,
            int count,
            double learningRate,
            RandomStream dropout);

    /**
     * Outputs of the last layer in evaluation mode.
     *
     * @param into shape [count, outputs], sample by sample
     */
    void outputs(Samples samples, int[] rows, int from, int count, float[] into);

    /**
     * Gradient of the mean loss over a batch, without decay, in training mode; parameters, running
     * statistics and optimiser state stay as they are.
     *
     * @return a tensor for each trained parameter, as in {@link Architecture#parameters()}
     */
    List<Tensor> gradient(Samples samples, int[] rows, int from, int count, RandomStream dropout);

    /**
     * Second moments of the derivatives of the outputs, in evaluation mode, sums kept in double.
     *
     * @return one for each weight tensor, in layer order
     */
    List<Sensitivity> sensitivity(
            Samples samples, int[] rows, int from, int count, Evidence.Output of);

    /**
     * Diagonal of the empirical Fisher matrix in evaluation mode (running statistics, no dropout):
     * how strongly each parameter alone moves the loss of single samples.
     *
     * <pre>
     *   F_j = 1 / count sum_i (dl_i / dw_j)^2
     * </pre>
     *
     * with l_i the loss of sample i, its true label or target given, without decay. It has a value
     * for each trained parameter, pruned weights too: there the derivative at 0 counts, as in
     * {@link #gradient}. It is not negative; squares below about 1e-38 may be lost; NaN where a
     * derivative is. The Fisher matrix proper takes the expectation over labels that the network
     * draws itself; where they differ: Kunstner, Balles, Hennig 2019, Limitations of the Empirical
     * Fisher Approximation, arXiv:1905.12558.
     *
     * <p>The sum of all values is {@code Tr(C) = 1 / count sum_i |grad l_i|^2}, the trace of the
     * uncentred covariance of single samples' gradients of Bartoldson et al. 2020, The
     * Generalization-Stability Tradeoff In Neural Network Pruning, arXiv:1906.03728: theirs is over
     * the first 512 test samples.
     *
     * <p>Costs about as much as a gradient, not a backward pass for each sample: samples go through
     * in batches of any size that is handy, squares of several samples are added in float within
     * one, in double from one to the next. Changes nothing.
     *
     * @param count at least 1, of any size
     * @return a tensor for each trained parameter, as in {@link Architecture#parameters()}
     */
    List<Tensor> fisherDiagonal(Samples samples, int[] rows, int from, int count);

    /**
     * Product of the Hessian of the mean loss with a vector, in evaluation mode (running
     * statistics, no dropout), without decay:
     *
     * <pre>
     *   (H v)_j = sum_k d^2 L / dw_j dw_k v_k = d/dr (dL / dw_j)(w + r v) at r = 0
     * </pre>
     *
     * with L the mean of the samples' losses as a function of all trained parameters at the point
     * where they are. Pruned weights are parameters like others, at 0: {@code v} there counts and
     * the result has values there. Who wants the Hessian of the network that is left gives zeros
     * there and looks away from the result there.
     *
     * <p>By the R-operator of Pearlmutter 1994, Fast Exact Multiplication by the Hessian, Neural
     * Computation 6(1): derivatives along v of everything in the forward and the backward pass, so
     * exact but for rounding, and linear in v. ReLU and maxima have the derivative that {@link
     * #gradient} gives them, and no second one: at a kink, where there is no Hessian, the product
     * is that of the linear piece that the backward pass takes. Costs two to four gradients and
     * their memory twice over; batches as for {@link #fisherDiagonal}, their products added in
     * double. Changes nothing.
     *
     * @param count at least 1, of any size
     * @param direction v: one tensor for each trained parameter, with the names and shapes of
     *     {@link #gradient}, in any order; its unit is that of the parameters, of the result that
     *     of the loss by parameter
     * @return a tensor for each trained parameter, as in {@link Architecture#parameters()}
     * @throws IllegalArgumentException if a tensor of the direction is missing, unknown or of
     *     another shape
     */
    List<Tensor> hessianProduct(
            Samples samples, int[] rows, int from, int count, List<Tensor> direction);

    @Override
    void close();

    /**
     * What a step saw.
     *
     * @param lossSum sum of the samples' losses, decay not included
     * @param correct samples whose largest output is their label; 0 for a regression
     */
    record BatchResult(double lossSum, int correct) {}
}
