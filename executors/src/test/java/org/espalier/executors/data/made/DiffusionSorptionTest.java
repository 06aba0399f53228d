// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.data.idx.Checksums;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.junit.jupiter.api.Test;

class DiffusionSorptionTest {
    private static final Dataset MADE = new DiffusionSorption().make();

    /** If this fails, bits have changed: a new version belongs into the fingerprint. */
    @Test
    void hasTheBitsOfItsVersion() {
        assertThat(MADE.info().fingerprint()).isEqualTo("diffusion-sorption-1");
        assertThat(Checksums.of(MADE.train())).isEqualTo("d3e18fb04f1e929b");
        assertThat(Checksums.of(MADE.test())).isEqualTo("71f5159a7f6817a1");
    }

    @Test
    void isARegressionOfOneValueFromTwo() {
        assertThat(MADE.info().shape()).isEqualTo(Shape.flat(2));
        assertThat(MADE.info().loss()).isEqualTo(Architecture.Loss.SQUARED_ERROR);
        assertThat(MADE.info().outputs()).isEqualTo(1);
        assertThat(MADE.train().count()).isEqualTo(8_000);
        assertThat(MADE.test().count()).isEqualTo(2_000);
    }

    @Test
    void noPointIsTwiceInTrainingAndTest() {
        Set<Long> points = new HashSet<>();
        for (Samples samples : new Samples[] {MADE.train(), MADE.test()}) {
            float[] inputs = ((Features.Floats) samples.features()).floats();
            for (int i = 0; i < samples.count(); i++) {
                long x = Float.floatToIntBits(inputs[2 * i]);
                long t = Float.floatToIntBits(inputs[2 * i + 1]);
                points.add(x << 32 | t);
                assertThat(inputs[2 * i]).isStrictlyBetween(0f, 1f);
                assertThat(inputs[2 * i + 1]).isBetween(0f, 1f);
            }
        }

        assertThat(points).hasSize(10_000);
    }

    @Test
    void targetsAreTheSolutionAtTheInputs() {
        Map<Integer, float[]> rows = new HashMap<>(); // time to values of cells
        var solver = new DiffusionSorptionSolver(128, 0.2, 0.1);
        for (int t = 0; t <= 500; t++) {
            float[] row = new float[128];
            for (int cell = 0; cell < 128; cell++) {
                row[cell] = (float) solver.value(cell);
            }
            rows.put(t, row);
            solver.advance(5);
        }

        float[] inputs = ((Features.Floats) MADE.test().features()).floats();
        float[] targets = ((Targets.Values) MADE.test().targets()).values();
        for (int i = 0; i < targets.length; i++) {
            int cell = Math.round(inputs[2 * i] * 128 - 0.5f);
            int t = Math.round(inputs[2 * i + 1] * 500);
            assertThat(targets[i]).isEqualTo(rows.get(t)[cell]);
        }
    }
}
