// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.util.List;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.random.RandomStream;

/**
 * What a pruning method may look at. Each thing is computed when it is asked for, on the training
 * set and on the network as it stands; lists run over the prunable tensors in layer order.
 */
public interface Evidence {

    /** The weights w; row-major, shape [outputs, inputs] or [outputs, channels, kernel, kernel]. */
    List<Tensor> weights();

    /**
     * Gradient dL/dw of the mean data loss over a mini-batch, averaged over mini-batches, without
     * weight decay, network in training mode; same shapes as {@link #weights()}. Batch
     * normalisation takes the statistics of each mini-batch; of one that goes through the network
     * in several passes those of each pass.
     *
     * <p>The scoring stream draws an order of the training samples, which is cut into mini-batches;
     * what is left at its end is too few for one and is passed over, and another order is drawn.
     *
     * @param samples size of a mini-batch; where there are fewer training samples, all are one
     * @param batches how many, at least 1
     */
    List<Tensor> gradient(int samples, int batches);

    /**
     * Second moments of the outputs' derivatives, for elimination-compensation.
     *
     * @param samples number of training samples, drawn by the scoring stream; all if there are
     *     fewer
     * @param of which outputs are differentiated
     */
    List<Sensitivity> sensitivity(int samples, Output of);

    /** Whether a layer, of the name that its sensitivity says, has a bias to shift. */
    boolean hasBias(String layer);

    /**
     * Diagonal of the empirical Fisher matrix, in evaluation mode: mean over samples of the squared
     * derivative of each sample's loss by the weight; same shapes as {@link #weights()}.
     *
     * @param samples number of training samples, drawn by the scoring stream; all if there are
     *     fewer
     */
    List<Tensor> fisherDiagonal(int samples);

    /**
     * Product of the Hessian of the mean loss over samples with a vector, in evaluation mode; same
     * shapes as {@link #weights()}. Parameters that are not prunable count as fixed.
     *
     * @param samples as for {@link #fisherDiagonal}, the same of them
     * @param direction the vector, a tensor for each of {@link #weights()}
     */
    List<Tensor> hessianProduct(int samples, List<Tensor> direction);

    /** The cell's pruning stream; the only source of chance. */
    RandomStream random();

    /** Which outputs y are meant where a method differentiates "the output". */
    enum Output {
        /** Outputs of the last layer, before any softmax. */
        LOGITS,
        /** Class probabilities. For a regression the same as {@link #LOGITS}. */
        SOFTMAX
    }
}
