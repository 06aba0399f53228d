// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import java.util.Arrays;
import org.espalier.results.text.Text;

/**
 * Solves the one-dimensional diffusion-sorption equation by the method of lines.
 *
 * <pre>
 *   du/dt = D / R(u) * d2u/dx2      x in (0, 1), t in (0, 500]
 *   R(u)  = 1 + (1 - phi) / phi * rho_s * k_f * n_f * (u + 1e-6)^(n_f - 1)
 *   D = 5e-4, phi = 0.29, rho_s = 2880, k_f = 3.5e-4, n_f = 0.874
 *   u(x, 0) = u0,   u(0, t) = 1,   u(1, t) = D * (u_edge - u_last) / dx
 * </pre>
 *
 * <p>Space is cut into {@code cells} equal cells with their values at their centres, {@code x_j =
 * (j + 1/2) dx}. A boundary value b holds at the face, so the ghost cell behind it is {@code 2 b -
 * u_edge}; on the right {@code u_last} is the cell at the boundary and {@code u_edge} in the
 * formula above its inner neighbour. Second differences are central. Time goes by the classical
 * fourth-order method of Runge and Kutta with a fixed step, stable while {@code 4 D dt / (R dx^2) <
 * 2.785} for the smallest R, which is R(1) = 3.157 since u stays within [0, 1].
 *
 * <p>All powers are {@link StrictMath}'s, so the solution has the same bits everywhere.
 *
 * <p>Equation and parameters: Takamoto et al., PDEBench: An Extensive Benchmark for Scientific
 * Machine Learning, NeurIPS 2022, arXiv:2210.07182. PDEBench writes boundary values into the ghost
 * cells themselves, which is of first order, so its values depend on the number of cells; the face
 * values here do not, and 128 cells agree with PDEBench's 1024 to 2e-3.
 */
final class DiffusionSorptionSolver {
    private static final double D = 5e-4;
    private static final double POROSITY = 0.29;
    private static final double DENSITY = 2880;
    private static final double FREUNDLICH = 3.5e-4;
    private static final double EXPONENT = 0.874;
    private static final double SORPTION =
            (1 - POROSITY) / POROSITY * DENSITY * FREUNDLICH * EXPONENT;
    private static final double STABILITY = 2.785;

    private final double dx;
    private final double dt;
    private final double[] u;
    private final double[] stage;
    private final double[][] slopes;

    /**
     * A solution at t = 0.
     *
     * @param cells number of cells, at least 2
     * @param dt time step
     * @param start u0, in [0, 1]
     */
    DiffusionSorptionSolver(int cells, double dt, double start) {
        if (cells < 2 || !(start >= 0 && start <= 1)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "expected at least 2 cells and a start in [0, 1], got %d and %s",
                            cells, start));
        }
        dx = 1.0 / cells;
        double largest = STABILITY * dx * dx * retardation(1) / (4 * D);
        if (!(dt > 0 && dt < largest)) {
            throw new IllegalArgumentException(
                    Text.of(
                            "with %d cells a stable time step lies in (0, %s), got %s",
                            cells, largest, dt));
        }
        this.dt = dt;
        u = new double[cells];
        Arrays.fill(u, start);
        stage = new double[cells];
        slopes = new double[4][cells];
    }

    /** R(u). */
    static double retardation(double u) {
        return 1 + SORPTION * StrictMath.pow(u + 1e-6, EXPONENT - 1);
    }

    /** Goes on by {@code steps} time steps. */
    void advance(int steps) {
        for (int step = 0; step < steps; step++) {
            slope(u, slopes[0]);
            slope(moved(slopes[0], dt / 2), slopes[1]);
            slope(moved(slopes[1], dt / 2), slopes[2]);
            slope(moved(slopes[2], dt), slopes[3]);
            for (int j = 0; j < u.length; j++) {
                u[j] +=
                        dt
                                / 6
                                * (slopes[0][j]
                                        + 2 * slopes[1][j]
                                        + 2 * slopes[2][j]
                                        + slopes[3][j]);
            }
        }
    }

    private double[] moved(double[] slope, double by) {
        for (int j = 0; j < u.length; j++) {
            stage[j] = u[j] + by * slope[j];
        }
        return stage;
    }

    private void slope(double[] v, double[] into) {
        int last = v.length - 1;
        double right = D * (v[last - 1] - v[last]) / dx;
        for (int j = 0; j <= last; j++) {
            double before = j == 0 ? 2 * 1.0 - v[0] : v[j - 1];
            double after = j == last ? 2 * right - v[last] : v[j + 1];
            double curvature = (before - 2 * v[j] + after) / (dx * dx);
            into[j] = D / retardation(v[j]) * curvature;
        }
    }

    /** The value of a cell now. */
    double value(int cell) {
        return u[cell];
    }

    /** The value at a place between two cell centres now, by linear interpolation. */
    double at(double x) {
        double place = x / dx - 0.5;
        int left = Math.min(Math.max((int) place, 0), u.length - 2);
        double share = place - left;
        return u[left] + share * (u[left + 1] - u[left]);
    }
}
