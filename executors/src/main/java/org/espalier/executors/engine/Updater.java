// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.ArrayList;
import java.util.List;
import org.espalier.experiments.network.Parameter;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.WeightDecay;

/**
 * The rules of {@link Optimizer} and {@link WeightDecay} on arrays of floats, with their state: for
 * engines whose library would compute another rule. In float arithmetic, every factor that does not
 * depend on the element computed in double and rounded once, so the bits are the same on every
 * machine.
 *
 * <p>Moments of Adam and momentum that came to rest would end as denormal numbers, on which
 * processors are slow. So each is stored as {@code (x + 1e-30) - 1e-30}: below about 5e-38 that is
 * 0, above 1e-22 it is x, between it is x to within 1e-37.
 *
 * <p>Not thread safe.
 */
public final class Updater {
    private static final String UPDATES = "updates";
    private static final float FLUSH = 1e-30f;

    private final Optimizer optimizer;
    private final WeightDecay decay;
    private final List<Parameter> trained;
    private final List<State> states = new ArrayList<>();

    private int updates;
    private double rate;

    /** Named arrays of one kind, one for each trained parameter. */
    private record State(String kind, float[][] values) {}

    /**
     * An optimiser that has made no update.
     *
     * @param parameters of the network; those that are not trained are left out
     */
    public Updater(Optimizer optimizer, WeightDecay decay, List<Parameter> parameters) {
        this.optimizer = optimizer;
        this.decay = decay;
        trained = parameters.stream().filter(p -> p.role().trained()).toList();
        if (optimizer instanceof Optimizer.Nesterov
                || optimizer instanceof Optimizer.Sgd sgd && sgd.hasMomentum()) {
            states.add(zeros("momentum"));
        } else if (optimizer instanceof Optimizer.Adam) {
            states.add(zeros("mean"));
            states.add(zeros("square"));
        }
    }

    private State zeros(String kind) {
        float[][] values = new float[trained.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = new float[trained.get(i).size()];
        }
        return new State(kind, values);
    }

    /** Trained parameters, in the order of the indices that {@link #update} takes. */
    public List<Parameter> trained() {
        return trained;
    }

    /** Begins the next update, of all tensors. */
    public void begin(double learningRate) {
        updates++;
        rate = learningRate;
    }

    /**
     * Updates one tensor, in place.
     *
     * @param tensor index into {@link #trained()}
     * @param weights holds the tensor from {@code weightsAt} on
     * @param gradient of the data loss, from {@code gradientAt} on; not changed
     * @param pruned indices within the tensor at which the weight and the state become +0
     */
    public void update(
            int tensor,
            float[] weights,
            int weightsAt,
            float[] gradient,
            int gradientAt,
            int[] pruned) {
        Parameter parameter = trained.get(tensor);
        int size = parameter.size();
        boolean decayed = parameter.role() == Parameter.Role.WEIGHT;
        double coefficient = decayed ? decay.coefficient().doubleValue() : 0;
        boolean coupled = decay.kind() == WeightDecay.Kind.COUPLED;
        float pull = coupled ? (float) coefficient : 0;
        float shrink = coupled ? 0 : (float) (rate * coefficient);
        if (optimizer instanceof Optimizer.Adam adam) {
            adam(adam, tensor, weights, weightsAt, gradient, gradientAt, size, pull, shrink);
        } else if (optimizer instanceof Optimizer.Nesterov nesterov) {
            nesterov(
                    nesterov, tensor, weights, weightsAt, gradient, gradientAt, size, pull, shrink);
        } else if (!states.isEmpty()) {
            heavyBall(tensor, weights, weightsAt, gradient, gradientAt, size, pull, shrink);
        } else {
            sgd(weights, weightsAt, gradient, gradientAt, size, pull, shrink);
        }
        for (int i : pruned) {
            weights[weightsAt + i] = 0;
        }
        clear(tensor, pruned);
    }

    /** Sets the state at these indices of a tensor to +0. */
    public void clear(int tensor, int[] pruned) {
        for (State state : states) {
            float[] values = state.values[tensor];
            for (int i : pruned) {
                values[i] = 0;
            }
        }
    }

    private void sgd(float[] w, int wAt, float[] g, int gAt, int size, float pull, float shrink) {
        float r = (float) rate;
        for (int i = 0; i < size; i++) {
            float old = w[wAt + i];
            float slope = g[gAt + i] + pull * old;
            w[wAt + i] = old - shrink * old - r * slope;
        }
    }

    private void heavyBall(
            int tensor,
            float[] w,
            int wAt,
            float[] g,
            int gAt,
            int size,
            float pull,
            float shrink) {
        float r = (float) rate;
        float m = ((Optimizer.Sgd) optimizer).momentum().floatValue();
        float[] momentum = states.get(0).values[tensor];
        for (int i = 0; i < size; i++) {
            float old = w[wAt + i];
            float slope = g[gAt + i] + pull * old;
            float v = m * momentum[i] + slope;
            v = (v + FLUSH) - FLUSH;
            momentum[i] = v;
            w[wAt + i] = old - shrink * old - r * v;
        }
    }

    private void nesterov(
            Optimizer.Nesterov rule,
            int tensor,
            float[] w,
            int wAt,
            float[] g,
            int gAt,
            int size,
            float pull,
            float shrink) {
        float r = (float) rate;
        float m = rule.momentum().floatValue();
        float[] momentum = states.get(0).values[tensor];
        for (int i = 0; i < size; i++) {
            float old = w[wAt + i];
            float slope = g[gAt + i] + pull * old;
            float v = m * momentum[i] + slope;
            v = (v + FLUSH) - FLUSH;
            momentum[i] = v;
            w[wAt + i] = old - shrink * old - r * (slope + m * v);
        }
    }

    private void adam(
            Optimizer.Adam rule,
            int tensor,
            float[] w,
            int wAt,
            float[] g,
            int gAt,
            int size,
            float pull,
            float shrink) {
        float r = (float) rate;
        double beta1 = rule.beta1().doubleValue();
        double beta2 = rule.beta2().doubleValue();
        float b1 = (float) beta1;
        float c1 = (float) (1 - beta1);
        float b2 = (float) beta2;
        float c2 = (float) (1 - beta2);
        float meanFactor = (float) (1 / (1 - StrictMath.pow(beta1, updates)));
        float squareFactor = (float) (1 / (1 - StrictMath.pow(beta2, updates)));
        float epsilon = rule.epsilon().floatValue();
        float[] means = states.get(0).values[tensor];
        float[] squares = states.get(1).values[tensor];
        for (int i = 0; i < size; i++) {
            float old = w[wAt + i];
            float slope = g[gAt + i] + pull * old;
            float mean = b1 * means[i] + c1 * slope;
            float square = b2 * squares[i] + c2 * slope * slope;
            mean = (mean + FLUSH) - FLUSH;
            square = (square + FLUSH) - FLUSH;
            means[i] = mean;
            squares[i] = square;
            float root = (float) Math.sqrt(square * squareFactor);
            w[wAt + i] = old - shrink * old - r * (mean * meanFactor) / (root + epsilon);
        }
    }

    /**
     * Copies of the state, named as {@link Network#optimizerState()} says.
     *
     * @throws IllegalStateException after 2^24 updates, which a float no longer counts
     */
    public List<Tensor> state() {
        if (updates > 1 << 24) {
            throw new IllegalStateException(updates + " updates cannot be kept as a float");
        }
        List<Tensor> tensors = new ArrayList<>();
        for (State state : states) {
            for (int i = 0; i < trained.size(); i++) {
                Parameter parameter = trained.get(i);
                tensors.add(
                        new Tensor(
                                state.kind + "/" + parameter.name(),
                                parameter.dimensions(),
                                state.values[i].clone()));
            }
        }
        tensors.add(new Tensor(UPDATES, new int[] {1}, new float[] {updates}));
        return tensors;
    }

    /**
     * Continues from {@link #state()}.
     *
     * @throws IllegalArgumentException if a tensor is missing, unknown or of another shape
     */
    public void load(List<Tensor> tensors) {
        List<Tensor> expected = state();
        Tensors.requireSame("optimiser state", expected, tensors);
        for (State state : states) {
            for (int i = 0; i < trained.size(); i++) {
                String name = state.kind + "/" + trained.get(i).name();
                float[] values = Tensors.named(tensors, name).values();
                System.arraycopy(values, 0, state.values[i], 0, values.length);
            }
        }
        updates = (int) Tensors.named(tensors, UPDATES).values()[0];
    }
}
