// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.experiments.random.RandomStream;

/**
 * {@code diffusion-sorption}: regression of the solution u(x, t) of the diffusion-sorption equation
 * with u0 = 0.1 from the point (x, t / 500), both inputs in [0, 1].
 *
 * <p>The solution is kept at the centres of 128 cells and at t = 0, 1, ..., 500, a grid of 64,128
 * points; 8,000 of them, drawn at random, are the training samples, 2,000 others the test samples.
 * So both cover the same region and no test point was trained on. Targets are clean; noise is laid
 * over them per cell.
 *
 * <p>The paper that this follows (Ballini et al., Elimination-compensation pruning, 2026,
 * arXiv:2602.20467) does not say how many points it uses, nor which initial value; these are ours.
 */
public final class DiffusionSorption implements GeneratedSet {
    private static final int CELLS = 128;
    private static final int TIMES = 501;
    private static final int STEPS_PER_UNIT = 5;
    private static final double START = 0.1;
    private static final int TRAIN = 8_000;
    private static final int TEST = 2_000;
    private static final long KEY = 0x646966662d736f31L; // "diff-so1" in ASCII

    private static final DatasetInfo INFO =
            new DatasetInfo(
                    "diffusion-sorption",
                    Shape.flat(2),
                    Architecture.Loss.SQUARED_ERROR,
                    1,
                    TRAIN,
                    TEST,
                    "diffusion-sorption-1");

    @Override
    public DatasetInfo info() {
        return INFO;
    }

    @Override
    public String summary() {
        return "u(x, t) of the diffusion-sorption equation, solved here; a regression";
    }

    @Override
    public Dataset make() {
        double[] grid = new double[TIMES * CELLS];
        var solver = new DiffusionSorptionSolver(CELLS, 1.0 / STEPS_PER_UNIT, START);
        for (int time = 0; time < TIMES; time++) {
            if (time > 0) {
                solver.advance(STEPS_PER_UNIT);
            }
            for (int cell = 0; cell < CELLS; cell++) {
                grid[time * CELLS + cell] = solver.value(cell);
            }
        }
        int[] order = new RandomStream(KEY).permutation(grid.length);
        return new Dataset(INFO, pick(grid, order, 0, TRAIN), pick(grid, order, TRAIN, TEST));
    }

    private static Samples pick(double[] grid, int[] order, int from, int count) {
        float[] inputs = new float[2 * count];
        float[] targets = new float[count];
        for (int i = 0; i < count; i++) {
            int point = order[from + i];
            inputs[2 * i] = (float) ((point % CELLS + 0.5) / CELLS);
            inputs[2 * i + 1] = (float) ((point / CELLS) / (double) (TIMES - 1));
            targets[i] = (float) grid[point];
        }
        return new Samples(
                new Features.Floats(INFO.shape(), inputs), new Targets.Values(1, targets));
    }
}
