// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.espalier.experiments.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    @Test
    void keepsTheHighestScores() {
        float[] scores = {0.3f, 0.1f, 0.9f, 0.2f};

        Mask mask = Mask.dense(4).narrowTo(2, scores);

        assertThat(bits(mask)).isEqualTo("1010");
    }

    @Test
    void ranksNegativeScoresBelowPositiveOnes() {
        float[] scores = {-3, 2, -1, -2, 0, Float.MIN_VALUE, -Float.MAX_VALUE};

        assertThat(bits(Mask.dense(7).narrowTo(3, scores))).isEqualTo("0100110");
        assertThat(bits(Mask.dense(7).narrowTo(5, scores))).isEqualTo("0111110");
        assertThat(bits(Mask.dense(7).narrowTo(6, scores))).isEqualTo("1111110");
    }

    @Test
    void keepsTheExactNumberWhenAllScoresTie() {
        Mask mask = Mask.dense(5).narrowTo(3, new float[] {1, 1, 1, 1, 1});

        assertThat(bits(mask)).isEqualTo("11100");
    }

    /** Against a stable sort by falling score; few distinct scores, so that many tie. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsWhatASortKeeps(int seed) {
        RandomStream random = new RandomStream(seed);
        int n = 1 + random.nextInt(3000);
        int distinct = seed % 2 == 0 ? 5 : 1 << 20;
        float[] scores = new float[n];
        for (int i = 0; i < n; i++) {
            scores[i] = (random.nextInt(distinct) - distinct / 2) * 0.37f;
        }
        List<Integer> order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparing(i -> -scores[i]))
                        .toList();
        for (int keep : new int[] {0, 1, n / 3, n / 2, n - 1, n}) {
            Mask mask = Mask.dense(n).narrowTo(keep, scores);

            assertThat(mask.cardinality()).isEqualTo(keep);
            assertThat(order.subList(0, keep)).allMatch(mask::keeps);
        }
    }

    @Test
    void bothZerosTie() {
        assertThat(bits(Mask.dense(3).narrowTo(1, new float[] {-0f, 0f, 0f}))).isEqualTo("100");
        assertThat(bits(Mask.dense(3).narrowTo(1, new float[] {0f, -0f, 0f}))).isEqualTo("100");
    }

    @Test
    void neverBringsAWeightBack() {
        Mask once = Mask.dense(4).narrowTo(3, new float[] {0, 1, 2, 3});

        Mask twice = once.narrowTo(2, new float[] {9, 1, 2, 3});

        assertThat(bits(once)).isEqualTo("0111");
        assertThat(bits(twice)).isEqualTo("0011");
    }

    @Test
    void doesNotLookAtScoresOfPrunedWeights() {
        Mask once = Mask.dense(3).narrowTo(2, new float[] {0, 1, 2});

        assertThat(bits(once.narrowTo(1, new float[] {Float.NaN, 1, 2}))).isEqualTo("001");
    }

    @Test
    void canKeepAllAndNothing() {
        float[] scores = {1, 2};

        assertThat(bits(Mask.dense(2).narrowTo(2, scores))).isEqualTo("11");
        assertThat(bits(Mask.dense(2).narrowTo(0, scores))).isEqualTo("00");
        assertThat(Mask.dense(0).narrowTo(0, new float[0]).cardinality()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noPrunedScoreExceedsAKeptOne(long seed) {
        RandomStream random = new RandomStream(seed);
        float[] scores = new float[1 + random.nextInt(200)];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(7) - 3; // few distinct values: ties are the hard case
        }
        int keep = random.nextInt(scores.length + 1);

        Mask mask = Mask.dense(scores.length).narrowTo(keep, scores);

        assertThat(mask.cardinality()).isEqualTo(keep);
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                boolean before = scores[i] > scores[j] || scores[i] == scores[j] && i < j;
                if (before && mask.keeps(j)) {
                    assertThat(mask.keeps(i))
                            .withFailMessage("kept weight %d but not %d, which ranks above", j, i)
                            .isTrue();
                }
            }
        }
    }

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesScoresThatCannotBeRanked(float bad) {
        assertThatThrownBy(() -> Mask.dense(2).narrowTo(1, new float[] {1, bad}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("score of weight 1 is " + bad);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Mask mask = Mask.dense(3).narrowTo(2, new float[3]);

        assertThatThrownBy(() -> mask.narrowTo(3, new float[3]))
                .hasMessage("keep must be in [0, 2], got 3");
        assertThatThrownBy(() -> mask.narrowTo(-1, new float[3]))
                .hasMessage("keep must be in [0, 2], got -1");
        assertThatThrownBy(() -> mask.narrowTo(1, new float[2]))
                .hasMessage("expected 3 scores, got 2");
        assertThatThrownBy(() -> mask.apply(new float[4])).hasMessage("expected 3 weights, got 4");
        assertThatThrownBy(() -> mask.keeps(3)).hasMessage("weight 3 of 3");
        assertThatThrownBy(() -> mask.keeps(-1)).hasMessage("weight -1 of 3");
        assertThatThrownBy(() -> mask.slice(-1, 2)).hasMessage("[-1, 2) is not within 3 weights");
        assertThatThrownBy(() -> mask.slice(2, 1)).hasMessage("[2, 1) is not within 3 weights");
        assertThatThrownBy(() -> mask.slice(0, 4)).hasMessage("[0, 4) is not within 3 weights");
    }

    @Test
    void setsPrunedWeightsToExactlyZero() {
        Mask mask = Mask.dense(4).narrowTo(2, new float[] {0, 1, 2, 0});
        float[] weights = {-1, 2, Float.NaN, Float.POSITIVE_INFINITY};

        mask.apply(weights);

        assertThat(weights).containsExactly(0, 2, Float.NaN, 0);
    }

    @Test
    void slicesAndConcatenates() {
        Mask mask = Mask.dense(6).narrowTo(3, new float[] {1, 0, 1, 0, 0, 1});

        assertThat(bits(mask.slice(1, 4))).isEqualTo("010");
        assertThat(mask.slice(3, 3).size()).isZero();
        assertThat(mask.slice(0, 6)).isEqualTo(mask);
        assertThat(Mask.concatenate(List.of(mask.slice(0, 1), mask.slice(1, 5), mask.slice(5, 6))))
                .isEqualTo(mask);
        assertThat(Mask.concatenate(List.of()).size()).isZero();
    }

    @Test
    void walksOverWhatIsKept() {
        Mask mask = Mask.dense(4).narrowTo(2, new float[] {0, 1, 0, 1});

        assertThat(mask.nextKept(0)).isEqualTo(1);
        assertThat(mask.nextKept(2)).isEqualTo(3);
        assertThat(mask.nextKept(4)).isEqualTo(-1);
    }

    @Test
    void isEqualToAMaskOfTheSameBitsAndSize() throws Exception {
        Mask mask = Mask.dense(3).narrowTo(2, new float[] {1, 1, 0});

        assertThat(mask)
                .isEqualTo(Mask.dense(3).narrowTo(2, new float[] {5, 6, 4}))
                .hasSameHashCodeAs(Mask.dense(3).narrowTo(2, new float[] {5, 6, 4}))
                .isNotEqualTo(Mask.dense(3))
                .isNotEqualTo(Mask.dense(2))
                .isNotEqualTo("mask")
                .hasToString("2 of 3 kept");
        assertThat(mask.hashCode()).isNotEqualTo(Mask.dense(2).hashCode());
        assertThat(roundTrip(mask)).isEqualTo(mask);
    }

    private static Object roundTrip(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static String bits(Mask mask) {
        return IntStream.range(0, mask.size())
                .mapToObj(i -> mask.keeps(i) ? "1" : "0")
                .collect(Collectors.joining());
    }
}
