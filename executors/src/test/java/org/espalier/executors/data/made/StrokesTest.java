// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.made;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Targets;
import org.espalier.executors.data.catalogue.SmallMlp;
import org.espalier.executors.data.idx.Checksums;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.junit.jupiter.api.Test;

class StrokesTest {
    private static final Dataset MADE = new Strokes().make();

    /** If this fails, bits have changed: a new version belongs into the fingerprint. */
    @Test
    void hasTheBitsOfItsVersion() {
        assertThat(MADE.info().fingerprint()).isEqualTo("strokes-1");
        assertThat(Checksums.of(MADE.train())).isEqualTo("922a17c6c509d07f");
        assertThat(Checksums.of(MADE.test())).isEqualTo("7e5bc5645c414c68");
    }

    @Test
    void hasTenEquallyFrequentClassesOfImages() {
        assertThat(MADE.info().shape()).isEqualTo(new Shape(1, 28, 28));
        assertThat(MADE.info().loss()).isEqualTo(Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
        assertThat(MADE.info().outputs()).isEqualTo(10);
        assertThat(frequencies(MADE.train())).containsOnly(1_000);
        assertThat(frequencies(MADE.test())).containsOnly(250);
    }

    private static int[] frequencies(Samples samples) {
        int[] counts = new int[10];
        for (int label : ((Targets.Labels) samples.targets()).labels()) {
            counts[label]++;
        }
        return counts;
    }

    @Test
    void noImageIsTwiceInTrainingAndTest() {
        Set<String> images = new HashSet<>();
        for (Samples samples : new Samples[] {MADE.train(), MADE.test()}) {
            for (int i = 0; i < samples.count(); i++) {
                images.add(Arrays.toString(image(samples, i)));
            }
        }

        assertThat(images).hasSize(12_500);
    }

    /** Like MNIST's, digits keep off the border, and none is empty or a blot. */
    @Test
    void everyImageIsADigitWithinThePage() {
        for (int i = 0; i < MADE.train().count(); i++) {
            byte[] image = image(MADE.train(), i);
            int inked = 0;
            for (int y = 0; y < 28; y++) {
                for (int x = 0; x < 28; x++) {
                    int ink = image[y * 28 + x] & 0xff;
                    inked += ink > 100 ? 1 : 0;
                    if (y == 0 || y == 27 || x == 0 || x == 27) {
                        assertThat(ink).as("border of sample %d", i).isLessThan(128);
                    }
                }
            }
            assertThat(inked).as("inked pixels of sample %d", i).isBetween(12, 300);
        }
    }

    private static byte[] image(Samples samples, int row) {
        byte[] bytes = ((Features.Bytes) samples.features()).bytes();
        return Arrays.copyOfRange(bytes, row * 784, (row + 1) * 784);
    }

    /**
     * A network of 32 hidden units already reads most digits, some classes much worse than others.
     */
    @Test
    void classesAreLearnableAndUneven() {
        SmallMlp network = new SmallMlp(784, 32, 10, 1);
        for (int epoch = 0; epoch < 4; epoch++) {
            network.epoch(MADE.train(), 0.02f);
        }

        double[] recalls = network.recalls(MADE.test());

        double accuracy = Arrays.stream(recalls).average().orElseThrow();
        double spread =
                Arrays.stream(recalls).max().orElseThrow()
                        - Arrays.stream(recalls).min().orElseThrow();
        assertThat(accuracy).isBetween(0.85, 0.97);
        assertThat(spread).isGreaterThan(0.05);
    }
}
