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
        if (WIDTH == 16) {
            FloatVector a = stage4(eights(acc, at, 0), eights(acc, at, 4));
            FloatVector b = stage4(eights(acc, at, 2), eights(acc, at, 6));
            FloatVector even = stage2(a, b);
            FloatVector c = stage4(eights(acc, at, 1), eights(acc, at, 5));
            FloatVector d = stage4(eights(acc, at, 3), eights(acc, at, 7));
            stage1(even, stage2(c, d)).intoArray(out, outAt);
        } else if (WIDTH == 8) {
            for (int g = 0; g < LANES; g += 8) {
                int first = at + g * LANES;
                FloatVector a = stage4(halves(acc, first, 0), halves(acc, first, 4));
                FloatVector b = stage4(halves(acc, first, 2), halves(acc, first, 6));
                FloatVector even = stage2(a, b);
                FloatVector c = stage4(halves(acc, first, 1), halves(acc, first, 5));
                FloatVector d = stage4(halves(acc, first, 3), halves(acc, first, 7));
                stage1(even, stage2(c, d)).intoArray(out, outAt + g);
            }
        } else {
            for (int g = 0; g < LANES; g += 4) {
                int first = at + g * LANES;
                FloatVector even = stage2(quarters(acc, first, 0), quarters(acc, first, 2));
                FloatVector odd = stage2(quarters(acc, first, 1), quarters(acc, first, 3));
                stage1(even, odd).intoArray(out, outAt + g);
            }
        }
    }

    /** Sums j and j + 8 of 16 lanes each, folded to 8. */
    private static FloatVector eights(float[] acc, int at, int j) {
        FloatVector a = FloatVector.fromArray(SPECIES, acc, at + j * LANES);
        FloatVector b = FloatVector.fromArray(SPECIES, acc, at + (j + 8) * LANES);
        return a.blend(b, BIT_8).add(b.blend(a, BIT_8).rearrange(SWAP_8));
    }

    /** Sum j, folded to 8 lanes of a vector of 8. */
    private static FloatVector halves(float[] acc, int at, int j) {
        FloatVector low = FloatVector.fromArray(SPECIES, acc, at + j * LANES);
        return low.add(FloatVector.fromArray(SPECIES, acc, at + j * LANES + 8));
    }

    /** Sum j, folded to 8 and then to 4 lanes of a vector of 4. */
    private static FloatVector quarters(float[] acc, int at, int j) {
        int lanes = at + j * LANES;
        FloatVector a = FloatVector.fromArray(SPECIES, acc, lanes);
        FloatVector b = FloatVector.fromArray(SPECIES, acc, lanes + 4);
        a = a.add(FloatVector.fromArray(SPECIES, acc, lanes + 8));
        b = b.add(FloatVector.fromArray(SPECIES, acc, lanes + 12));
        return a.add(b);
    }

    private static FloatVector stage4(FloatVector a, FloatVector b) {
        return a.blend(b, BIT_4).add(b.blend(a, BIT_4).rearrange(SWAP_4));
    }

    private static FloatVector stage2(FloatVector a, FloatVector b) {
        return a.blend(b, BIT_2).add(b.blend(a, BIT_2).rearrange(SWAP_2));
    }

    private static FloatVector stage1(FloatVector a, FloatVector b) {
        return a.blend(b, BIT_1).add(b.blend(a, BIT_1).rearrange(SWAP_1));
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

    /**
     * A square of WIDTH x WIDTH: a stage swaps the parts of a pair of rows that lie across. Stages
     * 8 and 4 go to scratch, 2 and 1 to the end.
     */
    private static void block(
            float[] src, int srcAt, int srcRow, float[] dst, int dstAt, int dstRow, float[] m) {
        if (WIDTH == 16) {
            for (int j = 0; j < 4; j++) {
                FloatVector a = FloatVector.fromArray(SPECIES, src, srcAt + j * srcRow);
                FloatVector b = FloatVector.fromArray(SPECIES, src, srcAt + (j + 4) * srcRow);
                FloatVector c = FloatVector.fromArray(SPECIES, src, srcAt + (j + 8) * srcRow);
                FloatVector d = FloatVector.fromArray(SPECIES, src, srcAt + (j + 12) * srcRow);
                FloatVector ac = a.blend(c.rearrange(SWAP_8), BIT_8);
                FloatVector ca = a.rearrange(SWAP_8).blend(c, BIT_8);
                FloatVector bd = b.blend(d.rearrange(SWAP_8), BIT_8);
                FloatVector db = b.rearrange(SWAP_8).blend(d, BIT_8);
                ac.blend(bd.rearrange(SWAP_4), BIT_4).intoArray(m, j * WIDTH);
                ac.rearrange(SWAP_4).blend(bd, BIT_4).intoArray(m, (j + 4) * WIDTH);
                ca.blend(db.rearrange(SWAP_4), BIT_4).intoArray(m, (j + 8) * WIDTH);
                ca.rearrange(SWAP_4).blend(db, BIT_4).intoArray(m, (j + 12) * WIDTH);
            }
        } else if (WIDTH == 8) {
            for (int j = 0; j < 4; j++) {
                FloatVector a = FloatVector.fromArray(SPECIES, src, srcAt + j * srcRow);
                FloatVector b = FloatVector.fromArray(SPECIES, src, srcAt + (j + 4) * srcRow);
                a.blend(b.rearrange(SWAP_4), BIT_4).intoArray(m, j * WIDTH);
                a.rearrange(SWAP_4).blend(b, BIT_4).intoArray(m, (j + 4) * WIDTH);
            }
        }
        boolean direct = WIDTH == 4;
        float[] from = direct ? src : m;
        int first = direct ? srcAt : 0;
        int row = direct ? srcRow : WIDTH;
        for (int j = 0; j < WIDTH; j += 4) {
            FloatVector a = FloatVector.fromArray(SPECIES, from, first + j * row);
            FloatVector b = FloatVector.fromArray(SPECIES, from, first + (j + 1) * row);
            FloatVector c = FloatVector.fromArray(SPECIES, from, first + (j + 2) * row);
            FloatVector d = FloatVector.fromArray(SPECIES, from, first + (j + 3) * row);
            FloatVector ac = a.blend(c.rearrange(SWAP_2), BIT_2);
            FloatVector ca = a.rearrange(SWAP_2).blend(c, BIT_2);
            FloatVector bd = b.blend(d.rearrange(SWAP_2), BIT_2);
            FloatVector db = b.rearrange(SWAP_2).blend(d, BIT_2);
            ac.blend(bd.rearrange(SWAP_1), BIT_1).intoArray(dst, dstAt + j * dstRow);
            ac.rearrange(SWAP_1).blend(bd, BIT_1).intoArray(dst, dstAt + (j + 1) * dstRow);
            ca.blend(db.rearrange(SWAP_1), BIT_1).intoArray(dst, dstAt + (j + 2) * dstRow);
            ca.rearrange(SWAP_1).blend(db, BIT_1).intoArray(dst, dstAt + (j + 3) * dstRow);
        }
    }
}
