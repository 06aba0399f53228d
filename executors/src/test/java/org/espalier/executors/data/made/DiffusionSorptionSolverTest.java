// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffusionSorptionSolverTest {
    private static final double[] PLACES = {0.1, 0.25, 0.5, 0.9};

    /**
     * Oracle: an independent NumPy programme of the same scheme (128 cells, face values, dt 0.1, u0
     * = 0.1), printed to five digits.
     */
    @ParameterizedTest(name = "t = {0}")
    @CsvSource({
        "10, .15077, .10000, .10000, .09531",
        "50, .46191, .12880, .10001, .06321",
        "100, .59951, .22045, .10177, .04772",
        "250, .73858, .41298, .14550, .03184",
        "500, .81200, .55388, .24599, .03219"
    })
    void agreesWithAnIndependentProgramme(int t, double a, double b, double c, double d) {
        var solver = new DiffusionSorptionSolver(128, 0.1, 0.1);

        solver.advance(10 * t);

        double[] expected = {a, b, c, d};
        for (int i = 0; i < PLACES.length; i++) {
            assertThat(solver.at(PLACES[i])).isCloseTo(expected[i], within(6e-6));
        }
    }

    /**
     * Oracle: an independent NumPy programme of PDEBench's own scheme with 1024 cells, dt 0.004,
     * whose boundary is of first order in dx.
     */
    @ParameterizedTest(name = "t = {0}")
    @CsvSource({
        "10, .14924, .10000, .10000, .09549",
        "50, .45988, .12838, .10001, .06345",
        "100, .59779, .21971, .10174, .04792",
        "250, .73737, .41213, .14528, .03198",
        "500, .81112, .55315, .24564, .03227"
    })
    void isNearPdeBenchOnAFineGrid(int t, double a, double b, double c, double d) {
        var solver = new DiffusionSorptionSolver(128, 0.2, 0.1);

        solver.advance(5 * t);

        double[] expected = {a, b, c, d};
        for (int i = 0; i < PLACES.length; i++) {
            assertThat(solver.at(PLACES[i])).isCloseTo(expected[i], within(2.1e-3));
        }
    }

    @Test
    void hardlyDependsOnTheTimeStep() {
        var coarse = new DiffusionSorptionSolver(64, 0.4, 0.1);
        var fine = new DiffusionSorptionSolver(64, 0.1, 0.1);

        coarse.advance(250);
        fine.advance(1000);

        for (int cell = 0; cell < 64; cell++) {
            assertThat(coarse.value(cell)).isCloseTo(fine.value(cell), within(3e-6));
        }
    }

    /** By hand: 0.71 / 0.29 * 2880 * 3.5e-4 * 0.874 = 2.15691, so R(1) is 3.1569. */
    @Test
    void retardsLessWhereMoreIsDissolved() {
        assertThat(DiffusionSorptionSolver.retardation(1)).isCloseTo(3.15691, within(1e-5));
        assertThat(DiffusionSorptionSolver.retardation(0.1)).isCloseTo(3.883, within(5e-4));
        assertThat(DiffusionSorptionSolver.retardation(0)).isCloseTo(13.30, within(5e-3));
    }

    /** By hand: 2.785 * (1/128)^2 * 3.15691 / (4 * 5e-4) = 0.26831. */
    @Test
    void refusesAStepThatWouldNotBeStable() {
        new DiffusionSorptionSolver(128, 0.268, 0.1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DiffusionSorptionSolver(128, 0.269, 0.1))
                .withMessageStartingWith("with 128 cells a stable time step lies in (0, 0.2683")
                .withMessageEndingWith("got 0.269");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DiffusionSorptionSolver(128, Double.NaN, 0.1));
    }

    @Test
    void refusesAStartThatIsNoConcentration() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DiffusionSorptionSolver(128, 0.1, Double.NaN))
                .withMessage("expected at least 2 cells and a start in [0, 1], got 128 and NaN");
    }
}
