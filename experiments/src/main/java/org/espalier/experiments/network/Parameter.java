// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

/**
 * A parameter that a layer has: its name, role and shape, without values.
 *
 * @param layer name of the layer
 * @param dimensions extents, slowest first
 */
public record Parameter(String layer, Role role, int... dimensions) {

    /** What a parameter is for. Only {@link #WEIGHT} is prunable and decayed. */
    public enum Role {
        WEIGHT("weight", true),
        BIAS("bias", true),
        SCALE("scale", true),
        SHIFT("shift", true),
        RUNNING_MEAN("running-mean", false),
        RUNNING_VARIANCE("running-variance", false);

        private final String text;
        private final boolean trained;

        Role(String text, boolean trained) {
            this.text = text;
            this.trained = trained;
        }

        /** Whether a gradient moves it; running statistics are moved by the forward pass. */
        public boolean trained() {
            return trained;
        }
    }

    public Parameter {
        dimensions = dimensions.clone();
    }

    /** Name of the tensor that holds its values: {@code layer.role}. */
    public String name() {
        return layer + "." + role.text;
    }

    /** Number of values, which may be more than one array holds. */
    public long count() {
        long count = 1;
        for (int extent : dimensions) {
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    /**
     * Number of values, of a parameter that one array holds.
     *
     * @throws ArithmeticException if it is 2^31 or more
     */
    public int size() {
        return Math.toIntExact(count());
    }

    /** Inputs that one output sums over: the product of all extents but the first. */
    public int fanIn() {
        return Math.toIntExact(count() / dimensions[0]);
    }

    @Override
    public int[] dimensions() {
        return dimensions.clone();
    }
}
