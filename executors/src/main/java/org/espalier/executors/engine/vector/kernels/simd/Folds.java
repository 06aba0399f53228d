// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels.simd;

import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_1;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_2;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_4;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.BIT_8;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SPECIES;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_1;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_2;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_4;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.SWAP_8;
import static org.espalier.executors.engine.vector.kernels.simd.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import org.espalier.executors.engine.vector.kernels.Kernels;

/**
 * The fold of many sums at once, and its relative the transpose. A stage of bit b takes vectors in
 * pairs j and j + b: lanes of the result without the bit belong to the first, lanes with it to the
 * second, each added to its partner at distance b. After the stages 8, 4, 2, 1 lane l is the fold
 * of sum l, and every sum was folded in that order. Partners are reached by loading from b elements
 * before or after: cheaper than a shuffle, which Java 17 checks each time. Each stage passes over
 * all sums, so that what it stores is in place when the next one loads it.
 */
interface Folds extends Kernels {

    @Override
    default void fold(float[] acc, int accAt, int count, float[] out, int outAt) {
        int end = accAt + count * LANES;
        for (int half = LANES / 2; half >= WIDTH; half /= 2) {
            for (int j = accAt; j < end; j += LANES) {
                for (int l = j; l < j + half; l += WIDTH) {
                    FloatVector a = FloatVector.fromArray(SPECIES, acc, l);
                    a.add(FloatVector.fromArray(SPECIES, acc, l + half)).intoArray(acc, l);
                }
            }
        }
        int group = WIDTH * LANES;
        if (WIDTH > 8) {
            for (int g = accAt; g < end; g += group) {
                for (int a = g; a < g + 8 * LANES; a += LANES) {
                    int b = a + 8 * LANES;
                    FloatVector low = FloatVector.fromArray(SPECIES, acc, a);
                    FloatVector high = FloatVector.fromArray(SPECIES, acc, a + 8);
                    low = low.blend(FloatVector.fromArray(SPECIES, acc, b - 8), BIT_8);
                    high = high.blend(FloatVector.fromArray(SPECIES, acc, b), BIT_8);
                    low.add(high).intoArray(acc, a);
                }
            }
        }
        if (WIDTH > 4) {
            for (int g = accAt; g < end; g += group) {
                for (int a = g; a < g + 4 * LANES; a += LANES) {
                    int b = a + 4 * LANES;
                    FloatVector low = FloatVector.fromArray(SPECIES, acc, a);
                    FloatVector high = FloatVector.fromArray(SPECIES, acc, a + 4);
                    low = low.blend(FloatVector.fromArray(SPECIES, acc, b - 4), BIT_4);
                    high = high.blend(FloatVector.fromArray(SPECIES, acc, b), BIT_4);
                    low.add(high).intoArray(acc, a);
                }
            }
        }
        for (int g = accAt; g < end; g += group) {
            for (int a = g; a < g + 2 * LANES; a += LANES) {
                int b = a + 2 * LANES;
                FloatVector low = FloatVector.fromArray(SPECIES, acc, a);
                FloatVector high = FloatVector.fromArray(SPECIES, acc, a + 2);
                low = low.blend(FloatVector.fromArray(SPECIES, acc, b - 2), BIT_2);
                high = high.blend(FloatVector.fromArray(SPECIES, acc, b), BIT_2);
                low.add(high).intoArray(acc, a);
            }
        }
        int to = outAt;
        for (int g = accAt; g < end; g += group) {
            int b = g + LANES;
            FloatVector low = FloatVector.fromArray(SPECIES, acc, g);
            FloatVector high = FloatVector.fromArray(SPECIES, acc, g + 1);
            low = low.blend(FloatVector.fromArray(SPECIES, acc, b - 1), BIT_1);
            high = high.blend(FloatVector.fromArray(SPECIES, acc, b), BIT_1);
            low.add(high).intoArray(out, to);
            to += WIDTH;
        }
    }

    /** The last two stages, over groups of four vectors of 16 lanes: four sums each. */
    @Override
    default void foldQuarters(float[] q, int qAt, int count, float[] out, int outAt) {
        int end = qAt + 4 * count;
        for (int g = qAt; g < end; g += 4 * LANES) {
            for (int a = g; a < g + 2 * LANES; a += WIDTH) {
                int b = a + 2 * LANES;
                FloatVector low = FloatVector.fromArray(SPECIES, q, a);
                FloatVector high = FloatVector.fromArray(SPECIES, q, a + 2);
                low = low.blend(FloatVector.fromArray(SPECIES, q, b - 2), BIT_2);
                high = high.blend(FloatVector.fromArray(SPECIES, q, b), BIT_2);
                low.add(high).intoArray(q, a);
            }
        }
        int to = outAt;
        for (int g = qAt; g < end; g += 4 * LANES) {
            for (int a = g; a < g + LANES; a += WIDTH) {
                int b = a + LANES;
                FloatVector low = FloatVector.fromArray(SPECIES, q, a);
                FloatVector high = FloatVector.fromArray(SPECIES, q, a + 1);
                low = low.blend(FloatVector.fromArray(SPECIES, q, b - 1), BIT_1);
                high = high.blend(FloatVector.fromArray(SPECIES, q, b), BIT_1);
                low.add(high).intoArray(out, to);
                to += WIDTH;
            }
        }
    }

    @Override
    default void transpose(
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
