// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import org.espalier.experiments.pruning.Methods;
import org.espalier.experiments.pruning.PruningMethod;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChoiceTest {
    private static final Seeds SEEDS = new Seeds(1, 2, 3, 4, 5, 6, 7, 8);

    /** Scores of chance from seed 7, samples from 8, dropout while scoring from 6. */
    @ParameterizedTest
    @CsvSource({
        "magnitude, , , ",
        "random, 7, , ",
        "gradient, , 8, 6",
        "undecayed, , 8, 6",
        "elimination-compensation, , 8, "
    })
    void holdsTheSeedsThatItsMethodDrawsFrom(String id, Long mask, Long scoring, Long dropout) {
        Choice drops = choice(id, "0.5", Drops.SOME);

        assertThat(drops.maskSeed()).isEqualTo(new OptionalSeed(mask));
        assertThat(drops.scoringSeed()).isEqualTo(new OptionalSeed(scoring));
        assertThat(drops.dropoutSeed()).isEqualTo(new OptionalSeed(dropout));
        Choice plain = choice(id, "0.5", Drops.NOTHING);
        assertThat(plain.scoringSeed()).isEqualTo(drops.scoringSeed());
        assertThat(plain.dropoutSeed()).isEqualTo(OptionalSeed.NONE);
    }

    @Test
    void writesWhatItConsistsOf() {
        assertThat(choice("random", "0.90", Drops.SOME).canonicalText())
                .isEqualTo("random density=0.1 scope=layer-wise output=keep mask-seed=7");
        assertThat(choice("gradient", "0.5", Drops.SOME).canonicalText())
                .isEqualTo(
                        "gradient(samples=128) density=0.5 scope=layer-wise output=keep"
                                + " scoring-seed=8 dropout-seed=6");
        assertThat(choice("gradient", "0.5", Drops.NOTHING).canonicalText())
                .isEqualTo(
                        "gradient(samples=128) density=0.5 scope=layer-wise output=keep"
                                + " scoring-seed=8");
    }

    /** A setting that came later: no minimum is as it was before. */
    @Test
    void aMinimumOfEachLayerIsInTheTextWhereThereIsOne() {
        Choice plain = choice("random", "0.5", Drops.NOTHING);

        assertThat(plain.keeping(0)).isEqualTo(plain);
        assertThat(plain.keeping(5).canonicalText())
                .isEqualTo(
                        "random density=0.5 scope=layer-wise output=keep min-per-layer=5"
                                + " mask-seed=7");
    }

    private static Choice choice(String id, String ratio, Drops drops) {
        PruningMethod method = Methods.find(id).orElseThrow().create().apply(Map.of());
        return Choice.of(
                method,
                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                Recipe.Scope.LAYER_WISE,
                Recipe.OutputLayer.KEEP,
                SEEDS,
                drops);
    }

    @Test
    void aSeedThatDrawsNothingIsNotWritten() {
        assertThat(OptionalSeed.of(0).in(" seed=")).isEqualTo(" seed=0");
        assertThat(OptionalSeed.of(-8).in(" seed=")).isEqualTo(" seed=-8");
        assertThat(OptionalSeed.NONE.in(" seed=")).isEmpty();
        assertThat(OptionalSeed.of(-8).orZero()).isEqualTo(-8);
        assertThat(OptionalSeed.NONE.orZero()).isZero();
        assertThat(OptionalSeed.of(0)).isNotEqualTo(OptionalSeed.NONE);
        assertThat(Drops.SOME.seed(SEEDS)).isEqualTo(OptionalSeed.of(6));
        assertThat(Drops.NOTHING.seed(SEEDS)).isEqualTo(OptionalSeed.NONE);
    }

    /** Version 1 is what was before there were versions. */
    @ParameterizedTest
    @EnumSource(Science.class)
    void theFirstVersionIsNotWritten(Science part) {
        assertThat(part.in("some text")).isEqualTo("some text");
        assertThat(Science.versions()).isEmpty();
    }

    @Test
    void laterVersionsAreWritten() {
        assertThat(Science.written(1, "some text")).isEqualTo("some text");
        assertThat(Science.written(2, "some text")).isEqualTo("some text science=2");
        assertThat(Science.written(13, "some text")).isEqualTo("some text science=13");
    }
}
