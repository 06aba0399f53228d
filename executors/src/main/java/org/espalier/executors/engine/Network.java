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
