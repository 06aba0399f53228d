// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.simd;

import static org.espalier.executors.engine.vector.Kernels.LANES;
import static org.espalier.executors.engine.vector.simd.Lanes.BIT_1;
import static org.espalier.executors.engine.vector.simd.Lanes.BIT_2;
import static org.espalier.executors.engine.vector.simd.Lanes.BIT_4;
import static org.espalier.executors.engine.vector.simd.Lanes.BIT_8;
import static org.espalier.executors.engine.vector.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.simd.Lanes.SWAP_1;
import static org.espalier.executors.engine.vector.simd.Lanes.SWAP_2;
import static org.espalier.executors.engine.vector.simd.Lanes.SWAP_4;
import static org.espalier.executors.engine.vector.simd.Lanes.SWAP_8;
import static org.espalier.executors.engine.vector.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The fold of 16 sums at once, and its relative the transpose. A stage of bit b takes vectors in
 * pairs j and j + b: lanes of the result without the bit belong to the first, lanes with it to the
 * second, each added to its partner at distance b. After the stages 8, 4, 2, 1 lane l is the fold
 * of sum l, and every sum was folded in that order.
 */
final class Folds {
    private Folds() {}

    static void fold(float[] acc, int accAt, int count, float[] out, int outAt) {
        for (int k = 0; k < count; k += LANES) {
            fold16(acc, accAt + k * LANES, out, outAt + k);
        }
    }

    private static void fold16(float[] acc, int at, float[] out, int outAt) {
        for (int half = LANES / 2; half >= WIDTH; half /= 2) {
            for (int j = at; j < at + LANES * LANES; j += LANES) {
                for (int l = j; l < j + half; l += WIDTH) {
                    FloatVector a = FloatVector.fromArray(SPECIES, acc, l);
                    a.add(FloatVector.fromArray(SPECIES, acc, l + half)).intoArray(acc, l);
                }
            }
        }
        for (int g = 0; g < LANES; g += WIDTH) {
            int group = at + g * LANES;
            if (WIDTH > 8) {
                for (int j = group; j < group + 8 * LANES; j += LANES) {
                    FloatVector a = FloatVector.fromArray(SPECIES, acc, j);
                    FloatVector b = FloatVector.fromArray(SPECIES, acc, j + 8 * LANES);
                    FloatVector partner = b.blend(a, BIT_8).rearrange(SWAP_8);
                    a.blend(b, BIT_8).add(partner).intoArray(acc, j);
                }
            }
            if (WIDTH > 4) {
                for (int j = group; j < group + 4 * LANES; j += LANES) {
                    FloatVector a = FloatVector.fromArray(SPECIES, acc, j);
                    FloatVector b = FloatVector.fromArray(SPECIES, acc, j + 4 * LANES);
                    FloatVector partner = b.blend(a, BIT_4).rearrange(SWAP_4);
                    a.blend(b, BIT_4).add(partner).intoArray(acc, j);
                }
            }
            for (int j = group; j < group + 2 * LANES; j += LANES) {
                FloatVector a = FloatVector.fromArray(SPECIES, acc, j);
                FloatVector b = FloatVector.fromArray(SPECIES, acc, j + 2 * LANES);
                FloatVector partner = b.blend(a, BIT_2).rearrange(SWAP_2);
                a.blend(b, BIT_2).add(partner).intoArray(acc, j);
            }
            FloatVector a = FloatVector.fromArray(SPECIES, acc, group);
            FloatVector b = FloatVector.fromArray(SPECIES, acc, group + LANES);
            FloatVector partner = b.blend(a, BIT_1).rearrange(SWAP_1);
            a.blend(b, BIT_1).add(partner).intoArray(out, outAt + g);
        }
    }

    static void transpose(
            float[] src,
            int srcAt,
            int srcRow,
            int rows,
            float[] dst,
            int dstAt,
            int dstRow,
            int columns,
            float[] scratch) {
        for (int c = 0; c < columns; c += WIDTH) {
            for (int r = 0; r < rows; r += WIDTH) {
                int from = srcAt + r * srcRow + c;
                block(src, from, srcRow, dst, dstAt + c * dstRow + r, dstRow, scratch);
            }
        }
    }

    /** A square of WIDTH x WIDTH: each stage swaps the parts of a pair that lie across. */
    private static void block(
            float[] src, int srcAt, int srcRow, float[] dst, int dstAt, int dstRow, float[] m) {
        for (int j = 0; j < WIDTH / 2; j++) {
            int far = j + WIDTH / 2;
            FloatVector a = FloatVector.fromArray(SPECIES, src, srcAt + j * srcRow);
            FloatVector b = FloatVector.fromArray(SPECIES, src, srcAt + far * srcRow);
            if (WIDTH == 16) {
                a.blend(b.rearrange(SWAP_8), BIT_8).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_8).blend(b, BIT_8).intoArray(m, far * WIDTH);
            } else if (WIDTH == 8) {
                a.blend(b.rearrange(SWAP_4), BIT_4).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_4).blend(b, BIT_4).intoArray(m, far * WIDTH);
            } else {
                a.blend(b.rearrange(SWAP_2), BIT_2).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_2).blend(b, BIT_2).intoArray(m, far * WIDTH);
            }
        }
        if (WIDTH > 8) {
            for (int p = 0; p < WIDTH / 2; p++) {
                int j = (p & ~3) * 2 + (p & 3);
                FloatVector a = FloatVector.fromArray(SPECIES, m, j * WIDTH);
                FloatVector b = FloatVector.fromArray(SPECIES, m, (j + 4) * WIDTH);
                a.blend(b.rearrange(SWAP_4), BIT_4).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_4).blend(b, BIT_4).intoArray(m, (j + 4) * WIDTH);
            }
        }
        if (WIDTH > 4) {
            for (int p = 0; p < WIDTH / 2; p++) {
                int j = (p & ~1) * 2 + (p & 1);
                FloatVector a = FloatVector.fromArray(SPECIES, m, j * WIDTH);
                FloatVector b = FloatVector.fromArray(SPECIES, m, (j + 2) * WIDTH);
                a.blend(b.rearrange(SWAP_2), BIT_2).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_2).blend(b, BIT_2).intoArray(m, (j + 2) * WIDTH);
            }
        }
        for (int j = 0; j < WIDTH; j += 2) {
            FloatVector a = FloatVector.fromArray(SPECIES, m, j * WIDTH);
            FloatVector b = FloatVector.fromArray(SPECIES, m, (j + 1) * WIDTH);
            a.blend(b.rearrange(SWAP_1), BIT_1).intoArray(dst, dstAt + j * dstRow);
            a.rearrange(SWAP_1).blend(b, BIT_1).intoArray(dst, dstAt + (j + 1) * dstRow);
        }
    }
}
