// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.espalier.results.text.Text;

/** Which weights stay: bit i is set when weight i is kept. Immutable; can only be narrowed. */
public final class Mask implements Serializable {
    private static final long serialVersionUID = 1;

    private final BitSet kept;
    private final int size;

    private Mask(BitSet kept, int size) {
        this.kept = kept;
        this.size = size;
    }

    /** Keeps all {@code size} weights. */
    public static Mask dense(int size) {
        BitSet kept = new BitSet(size);
        kept.set(0, size);
        return new Mask(kept, size);
    }

    /**
     * The mask that {@link #bytes()} wrote.
     *
     * @throws IllegalArgumentException if there are more or fewer bytes, or a bit beyond the size
     */
    public static Mask ofBytes(int size, byte[] bytes) {
        BitSet kept = BitSet.valueOf(bytes);
        if (bytes.length != (size + 7) / 8 || kept.length() > size) {
            throw new IllegalArgumentException(
                    Text.of("%d bytes are no mask of %d weights", bytes.length, size));
        }
        return new Mask(kept, size);
    }

    /** A bit for each weight, 1 where it is kept, the first in the lowest bit of the first byte. */
    public byte[] bytes() {
        return Arrays.copyOf(kept.toByteArray(), (size + 7) / 8);
    }

    /** Keeps what this mask keeps and the other, of the same size, does not. */
    public Mask without(Mask other) {
        BitSet left = (BitSet) kept.clone();
        left.andNot(other.kept);
        return new Mask(left, size);
    }

    /** One mask for several tensors, one after the other: the opposite of {@link #slice}. */
    public static Mask concatenate(List<Mask> masks) {
        BitSet kept = new BitSet();
        int size = 0;
        for (Mask mask : masks) {
            for (int i = mask.nextKept(0); i >= 0; i = mask.nextKept(i + 1)) {
                kept.set(size + i);
            }
            size = Math.addExact(size, mask.size);
        }
        return new Mask(kept, size);
    }

    /**
     * Of the weights this mask keeps, keeps the {@code keep} with the highest scores: exactly that
     * many, whatever the ties; of equal scores the lower index stays. A threshold would not do:
     * with ties it removes too many weights or too few, and the sparsity that is reported is then
     * not the one that was asked for. Scores of weights already pruned are not looked at, so that
     * no method can bring a weight back.
     *
     * <p>Time O(n log n), memory 8n bytes, for n = {@link #cardinality()}.
     *
     * @param keep number of weights to keep, in [0, n]
     * @param scores shape [size], finite wherever this mask keeps; -0 counts as 0
     * @throws IllegalArgumentException if {@code keep} or the length is out of range, or the score
     *     of a kept weight is not finite, which is what a diverged training gives
     */
    public Mask narrowTo(int keep, float[] scores) {
        int n = cardinality();
        if (keep < 0 || keep > n) {
            throw new IllegalArgumentException(Text.of("keep must be in [0, %d], got %d", n, keep));
        }
        if (scores.length != size) {
            throw new IllegalArgumentException(
                    Text.of("expected %d scores, got %d", size, scores.length));
        }
        long[] order = new long[n];
        int next = 0;
        for (int i = kept.nextSetBit(0); i >= 0; i = kept.nextSetBit(i + 1)) {
            if (!Float.isFinite(scores[i])) {
                throw new IllegalArgumentException(
                        Text.of("score of weight %d is %s", i, scores[i]));
            }
            // High word orders by score, low word by falling index: one comparison does both.
            order[next++] = ((long) sortable(scores[i]) << 32) | (~i & 0xffff_ffffL);
        }
        return new Mask(largest(order, keep), size);
    }

    /**
     * The indices of the {@code keep} largest keys. Keys are counted by their first 16 bits; only
     * those that begin like the last one kept are sorted.
     */
    private BitSet largest(long[] keys, int keep) {
        int[] counts = new int[1 << 16];
        for (long key : keys) {
            counts[beginning(key)]++;
        }
        int first = counts.length; // keys that begin with this or more are kept
        int sure = 0;
        while (first > 0 && sure + counts[first - 1] <= keep) {
            sure += counts[--first];
        }
        BitSet largest = new BitSet(size);
        long[] undecided = new long[first == 0 ? 0 : counts[first - 1]];
        int next = 0;
        for (long key : keys) {
            if (beginning(key) >= first) {
                largest.set(~(int) key);
            } else if (beginning(key) == first - 1) {
                undecided[next++] = key;
            }
        }
        Arrays.sort(undecided);
        for (int rank = undecided.length - (keep - sure); rank < undecided.length; rank++) {
            largest.set(~(int) undecided[rank]);
        }
        return largest;
    }

    private static int beginning(long key) {
        return (int) (key >> 48) - Short.MIN_VALUE;
    }

    /** An int with the order of the float: negative floats fall as their magnitude bits rise. */
    private static int sortable(float score) {
        int bits = Float.floatToIntBits(score + 0f); // -0 + 0 is 0
        return bits >= 0 ? bits : bits ^ 0x7fff_ffff;
    }

    /** The part for weights {@code from} to {@code to}, exclusive: one layer of a global mask. */
    public Mask slice(int from, int to) {
        if (from < 0 || to < from || to > size) {
            throw new IllegalArgumentException(
                    Text.of("[%d, %d) is not within %d weights", from, to, size));
        }
        return new Mask(kept.get(from, to), to - from);
    }

    /** Whether weight i stays. */
    public boolean keeps(int weight) {
        if (weight < 0 || weight >= size) {
            throw new IndexOutOfBoundsException(Text.of("weight %d of %d", weight, size));
        }
        return kept.get(weight);
    }

    /** Number of weights, kept or not. */
    public int size() {
        return size;
    }

    /** Number of weights that stay. */
    public int cardinality() {
        return kept.cardinality();
    }

    /** Index of the first kept weight at or after {@code from}, or -1. */
    public int nextKept(int from) {
        return kept.nextSetBit(from);
    }

    /** Sets every pruned weight to zero, in place. */
    public void apply(float[] weights) {
        if (weights.length != size) {
            throw new IllegalArgumentException(
                    Text.of("expected %d weights, got %d", size, weights.length));
        }
        for (int i = kept.nextClearBit(0); i < size; i = kept.nextClearBit(i + 1)) {
            weights[i] = 0;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask mask && mask.size == size && mask.kept.equals(kept);
    }

    @Override
    public int hashCode() {
        return 31 * kept.hashCode() + size;
    }

    @Override
    public String toString() {
        return Text.of("%d of %d kept", cardinality(), size);
    }
}
