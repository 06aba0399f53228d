// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import org.espalier.experiments.recipe.Recipe.StartFrom;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
    private static final BigDecimal HALF = new BigDecimal("0.50");

    @Test
    void equalTrainingsHaveOneSpelling() {
        Training training =
                new Training(
                        new Optimizer.Nesterov(new BigDecimal("0.90")),
                        LearningRate.constant(new BigDecimal("1e-2")),
                        new WeightDecay(new BigDecimal("5e-4"), WeightDecay.Kind.DECOUPLED),
                        64,
                        10);

        assertThat(training.canonicalText())
                .isEqualTo("nesterov momentum=0.9 rate=0.01 decay=0.0005 decoupled batch=64");
        assertThat(training.withEpochs(3).canonicalText()).isEqualTo(training.canonicalText());
        assertThat(training.withEpochs(3).epochs()).isEqualTo(3);
        assertThat(training.withEpochs(3).withEpochs(10)).isEqualTo(training);
    }

    @Test
    void optimizersSpellTheirSettings() {
        Optimizer adam =
                new Optimizer.Adam(
                        new BigDecimal("0.90"), new BigDecimal("0.999"), new BigDecimal("1e-8"));

        assertThat(adam.id()).isEqualTo("adam");
        assertThat(adam.canonicalText()).isEqualTo("adam beta1=0.9 beta2=0.999 epsilon=0.00000001");
        assertThat(adam)
                .isEqualTo(
                        new Optimizer.Adam(
                                new BigDecimal("0.9"),
                                new BigDecimal("0.9990"),
                                new BigDecimal("0.000000010")));
        assertThat(new Optimizer.Sgd().id()).isEqualTo("sgd");
        assertThat(new Optimizer.Sgd().canonicalText()).isEqualTo("sgd");
        assertThat(new Optimizer.Nesterov(BigDecimal.ZERO).id()).isEqualTo("nesterov");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1", "1.5"})
    void refusesAMomentumThatIsNoFraction(BigDecimal momentum) {
        assertThatThrownBy(() -> new Optimizer.Nesterov(momentum))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("momentum must be in [0, 1), got " + momentum);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1e-8"})
    void refusesAnEpsilonThatIsNotPositive(BigDecimal epsilon) {
        assertThatThrownBy(() -> new Optimizer.Adam(HALF, HALF, epsilon))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epsilon must be positive, got " + epsilon);
    }

    @Test
    void noDecayIsNoDecayOfEitherKind() {
        WeightDecay none = new WeightDecay(new BigDecimal("0.0"), WeightDecay.Kind.DECOUPLED);

        assertThat(none).isEqualTo(WeightDecay.NONE);
        assertThat(none.canonicalText()).isEqualTo("decay=0");
        assertThat(new WeightDecay(HALF, WeightDecay.Kind.COUPLED).canonicalText())
                .isEqualTo("decay=0.5 coupled");
    }

    @Test
    void refusesANegativeDecay() {
        assertThatThrownBy(() -> new WeightDecay(new BigDecimal("-1"), WeightDecay.Kind.COUPLED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight decay must not be negative, got -1");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, -1"})
    void refusesABatchOfNothingAndNegativeEpochs(int batch, int epochs) {
        assertThatThrownBy(
                        () ->
                                new Training(
                                        new Optimizer.Sgd(),
                                        LearningRate.constant(HALF),
                                        WeightDecay.NONE,
                                        batch,
                                        epochs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        Text.of(
                                "batch size must be at least 1 and epochs at least 0, got %d and %d",
                                batch, epochs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1", "2"})
    void refusesAValidationThatIsNoFraction(BigDecimal validation) {
        assertThatThrownBy(() -> recipe(StartFrom.LAST, validation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("validation must be in [0, 1), got " + validation);
    }

    @Test
    void theBestByValidationNeedsValidation() {
        assertThatThrownBy(() -> recipe(StartFrom.BEST_VALIDATION, BigDecimal.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("start-from best-validation needs a validation fraction above 0");
        assertThat(recipe(StartFrom.BEST_VALIDATION, new BigDecimal("0.10")).validation())
                .isEqualTo(new BigDecimal("0.1"));
        assertThat(recipe(StartFrom.LAST, new BigDecimal("0.0")).validation())
                .isEqualTo(BigDecimal.ZERO);
    }

    /** 0.5 * 3 = 1.5, 0.25 * 2 = 0.5 and 0.125 * 20 = 2.5 go up; 0.25 * 1 and 0.1 * 4 go down. */
    @ParameterizedTest
    @CsvSource({
        "0, 60000, 0",
        "0.1, 60000, 6000",
        "0.5, 3, 2",
        "0.25, 2, 1",
        "0.25, 1, 0",
        "0.125, 20, 3",
        "0.1, 4, 0",
        "0.999, 10, 10",
        "0.999999999, 2147483647, 2147483645"
    })
    void holdsOutTheNearestNumberOfSamples(BigDecimal validation, int samples, int held) {
        assertThat(Recipe.heldOut(validation, samples)).isEqualTo(held);
    }

    /** Whole hundredths of whole hundreds: v / 100 * n = v * (n / 100). */
    @Test
    void holdsOutWholeSharesExactly() {
        for (int samples : new int[] {100, 1000, 50_000, 60_000, 1_300_000}) {
            for (int hundredths = 0; hundredths < 100; hundredths++) {
                assertThat(Recipe.heldOut(BigDecimal.valueOf(hundredths, 2), samples))
                        .as("%d of %d", hundredths, samples)
                        .isEqualTo(hundredths * (samples / 100));
            }
        }
    }

    @Test
    void spellsEverySettingButNameAndEngine() {
        Training dense =
                new Training(
                        new Optimizer.Sgd(), LearningRate.constant(HALF), WeightDecay.NONE, 64, 7);
        Recipe recipe =
                new Recipe(
                        "a name",
                        "an engine",
                        dense,
                        new ScheduleSettings.OneShot(),
                        dense.withEpochs(3),
                        Recipe.Scope.LAYER_WISE,
                        Recipe.OutputLayer.KEEP,
                        StartFrom.BEST_VALIDATION,
                        Recipe.OptimizerState.KEPT,
                        new BigDecimal("0.10"),
                        Recipe.TrainEvaluation.OFF,
                        Recipe.Recorded.PREDICTIONS,
                        0);

        assertThat(recipe.canonicalText())
                .isEqualTo(
                        "dense=[sgd rate=0.5 decay=0 batch=64 epochs=7] schedule=one-shot"
                                + " fine-tune=[sgd rate=0.5 decay=0 batch=64 epochs=3]"
                                + " scope=layer-wise output-layer=keep start-from=best-validation"
                                + " optimizer-state=kept validation=0.1 train-evaluation=off"
                                + " record=predictions");
    }

    /** A key that came later is not in the text where it changes nothing. */
    @Test
    void spellsAMinimumWhereThereIsOne() {
        Recipe plain = recipe(StartFrom.LAST, BigDecimal.ZERO);
        Recipe five = keeping(5, Recipe.Scope.GLOBAL);

        assertThat(keeping(0, Recipe.Scope.GLOBAL)).isEqualTo(plain);
        assertThat(plain.canonicalText()).doesNotContain("min-per-layer");
        assertThat(five.canonicalText()).isEqualTo(plain.canonicalText() + " min-per-layer=5");
        for (int minimum : new int[] {-1, 1}) {
            assertThatThrownBy(
                            () ->
                                    keeping(
                                            minimum,
                                            minimum < 0
                                                    ? Recipe.Scope.GLOBAL
                                                    : Recipe.Scope.LAYER_WISE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "min-per-layer must be at least 0, and 0 beside scope layer-wise, got "
                                    + minimum);
        }
    }

    private static Recipe keeping(int minimum, Recipe.Scope scope) {
        Recipe plain = recipe(StartFrom.LAST, BigDecimal.ZERO);
        return new Recipe(
                plain.name(),
                plain.engine(),
                plain.dense(),
                plain.schedule(),
                plain.fineTune(),
                scope,
                plain.outputLayer(),
                plain.startFrom(),
                plain.optimizerState(),
                plain.validation(),
                plain.trainEvaluation(),
                plain.recorded(),
                minimum);
    }

    /** As they stand in files and names. */
    @Test
    void controlsHaveTheirWords() {
        assertThat(Arrays.stream(Control.values()).map(Text::word))
                .containsExactly("fine-tuned", "trained-as-long", "other-order");
    }

    private static Recipe recipe(StartFrom startFrom, BigDecimal validation) {
        Training training =
                new Training(
                        new Optimizer.Sgd(), LearningRate.constant(HALF), WeightDecay.NONE, 64, 0);
        return new Recipe(
                "default",
                "auto",
                training,
                new ScheduleSettings.OneShot(),
                training,
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                startFrom,
                Recipe.OptimizerState.FRESH,
                validation,
                Recipe.TrainEvaluation.ON,
                Recipe.Recorded.NONE,
                0);
    }
}
