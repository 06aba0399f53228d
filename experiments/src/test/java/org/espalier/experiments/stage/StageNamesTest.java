// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.espalier.experiments.stage.SomeCells.cell;
import static org.espalier.experiments.stage.SomeCells.choice;
import static org.espalier.experiments.stage.SomeCells.control;
import static org.espalier.experiments.stage.SomeCells.method;
import static org.espalier.experiments.stage.SomeCells.planned;
import static org.espalier.experiments.stage.SomeCells.prune;
import static org.espalier.experiments.stage.SomeCells.recipe;
import static org.espalier.experiments.stage.SomeCells.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Control;
import org.espalier.experiments.recipe.EpochLength;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.espalier.experiments.stage.operation.Arithmetic;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Drops;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.Operation;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Reinitialise;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.stage.operation.Train;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts and names that old results are filed under: whoever changes one here gives every result so
 * far another name. The hashes are of GNU coreutils 9.1, {@code printf '%s\n%s' INPUTS TEXT |
 * sha256sum}, a line for each input's name, first 32 digits; of ids first 16.
 */
class StageNamesTest {
    private static final Arithmetic SOME = SomeCells.SOME;

    @Test
    void writesData() {
        assertThat(data("0", "0").canonicalText()).isEqualTo("data digits-1");
        assertThat(data("2.50e-1", "0.10").canonicalText())
                .isEqualTo("data digits-1 noise=0.25 noise-seed=3 validation=0.1 split-seed=4");
    }

    @Test
    void writesWhatStartsOver() {
        assertThat(SomeCells.INITIAL.operation().canonicalText())
                .isEqualTo("initialise structure=[structure of net] seed=7");
        assertThat(new Reinitialise(-1).canonicalText()).isEqualTo("re-initialise seed=-1");
        assertThat(new Rewind(Rewind.What.NETWORK).canonicalText()).isEqualTo("rewind");
        assertThat(new Restore(Restore.What.BEST_VALIDATION, SOME).canonicalText())
                .isEqualTo("restore best-validation");
    }

    @Test
    void writesTrainings() {
        Training steps =
                new Training(
                        new Optimizer.Nesterov(new BigDecimal("0.90")),
                        new LearningRate(
                                new BigDecimal("0.1"), List.of(80, 120), new BigDecimal("0.1")),
                        new WeightDecay(new BigDecimal("5e-4"), WeightDecay.Kind.COUPLED),
                        128,
                        160);
        Training plain =
                new Training(
                        new Optimizer.Sgd(),
                        LearningRate.constant(new BigDecimal("1e-2")),
                        new WeightDecay(new BigDecimal("1e-4"), WeightDecay.Kind.DECOUPLED),
                        1,
                        0);

        assertThat(
                        train(Train.DENSE, Step.ZERO, Step.epochs(2), Recipe.OptimizerState.FRESH)
                                .canonicalText())
                .isEqualTo(
                        "train adam beta1=0.9 beta2=0.999 epsilon=0.00000001 rate=0.001 decay=0"
                                + " batch=64 order-seed=1 numerics=some-1 state=fresh to=2ep");
        assertThat(
                        training(steps, Step.iterations(15), Step.epochs(160), OptionalSeed.of(5))
                                .canonicalText())
                .isEqualTo(
                        "train nesterov momentum=0.9 rate=0.1 steps=[80, 120] factor=0.1"
                                + " decay=0.0005 coupled batch=128 order-seed=1 dropout-seed=5"
                                + " numerics=some-1 state=kept from=15it to=160ep");
        assertThat(training(plain, Step.ZERO, Step.ZERO, OptionalSeed.NONE).canonicalText())
                .isEqualTo(
                        "train sgd rate=0.01 decay=0.0001 decoupled batch=1 order-seed=1"
                                + " numerics=some-1 state=kept to=0ep");
    }

    @Test
    void writesPrunings() {
        assertThat(prune("0.90").canonicalText())
                .isEqualTo(
                        "prune magnitude density=0.1 scope=global output=prune"
                                + " numerics=some-1");
        assertThat(undecayed().canonicalText())
                .isEqualTo(
                        "prune undecayed(samples=128,weight-decay=0) compression=4 scope=layer-wise"
                                + " output=keep scoring-seed=6 dropout-seed=6 numerics=some-1");
        assertThat(new Prune(choice("random", "0.5"), SOME).canonicalText())
                .isEqualTo(
                        "prune random density=0.5 scope=global output=prune mask-seed=1"
                                + " numerics=some-1");
    }

    /** Two ways of writing one share of weights are one stage. */
    @Test
    void writesADensityAsTheRatioItIs() {
        assertThat(ratio(Ratio.Kind.DENSITY, "0.10").canonicalText())
                .isEqualTo(prune("0.9").canonicalText());
    }

    /** Where a correction changed bits the name says so; what the user chose is what it was. */
    @Test
    void aCorrectionRenamesWhatItChangedAlone() {
        for (String architecture : List.of("resnet-20", "lenet-5", "lenet-300-100")) {
            for (String method : List.of("elimination-compensation", "gradient")) {
                PlannedCell planned =
                        planned(cell(architecture, method, "0.5", recipe("a", 2, 1), 1));
                boolean changed =
                        architecture.equals("resnet-20")
                                && method.equals("elimination-compensation");

                assertThat(planned.programme().pruned().operation().canonicalText())
                        .startsWith(
                                "prune "
                                        + planned.cell().method().canonicalText()
                                        + (changed ? "[without-bias=unshifted] " : " "));
                assertThat(Cells.condition(planned.cell())).doesNotContain("without-bias");
            }
        }
    }

    @Test
    void writesPerturbationsAndMeasures() {
        assertThat(
                        new Perturb(
                                        NoiseKind.ZERO,
                                        choice("magnitude", "0.5"),
                                        Targets.NEW,
                                        1,
                                        OptionalSeed.NONE,
                                        SOME)
                                .canonicalText())
                .isEqualTo(
                        "perturb zero magnitude density=0.5 scope=global output=prune"
                                + " targets=new numerics=some-1");
        assertThat(gaussian(9).canonicalText())
                .isEqualTo(
                        "perturb gauss magnitude density=0.5 scope=global output=prune"
                                + " targets=new draws=1 noise-seed=9 numerics=some-1");
        assertThat(new Measure(Measure.What.TRAIN, SOME).canonicalText())
                .isEqualTo("measure train numerics=some-1");
        assertThat(new Measure(Measure.What.PREDICTIONS, SOME).canonicalText())
                .isEqualTo("measure predictions numerics=some-1");
    }

    @Test
    void writesEveryMethodOfTheCatalogueWithItsDefaults() {
        assertThat(
                        Stream.of(
                                        "random",
                                        "magnitude",
                                        "gradient",
                                        "undecayed",
                                        "elimination-compensation")
                                .map(id -> method(id).canonicalText()))
                .containsExactly(
                        "random",
                        "magnitude",
                        "gradient(samples=128)",
                        "undecayed(samples=128,weight-decay=recipe)",
                        "elimination-compensation(compensation=on,output=logits,samples=10000)");
    }

    @Test
    void namesStagesByTheirWholePast() {
        Stage dense = train(Train.DENSE, SomeCells.INITIAL, 2);
        Stage pruned = prune(dense, "0.9");
        Stage leaf = train(Train.FINE_TUNE, pruned, 1);
        Stage rewound = SomeCells.rewind(pruned, SomeCells.INITIAL);

        assertThat(
                        Stream.of(SomeCells.DATA, SomeCells.INITIAL, dense, pruned, leaf, rewound)
                                .map(Stage::name))
                .containsExactly(
                        "ab0af93ee9df2c713cfdbcbe551eb17d",
                        "805b318e63c1b54efc4146882539e2bd",
                        "df598d2234b4e39c1d9fdc43cbe789cb",
                        "3d9e29282cba2d50f640cddad358e7ae",
                        "672547ef727a802f561d2055ab3a798a",
                        "e528094d170eaffb4e07ab2cdb762ea0");
    }

    /** The structure of the catalogue's networks is hashed too. */
    @Test
    void namesCells() {
        Recipe recipe = recipe("default", 2, 1);
        String settings =
                " dense=[adam beta1=0.9 beta2=0.999 epsilon=0.00000001 rate=0.001 decay=0 batch=64"
                        + " epochs=2] schedule=one-shot fine-tune=[adam beta1=0.9 beta2=0.999"
                        + " epsilon=0.00000001 rate=0.001 decay=0 batch=64 epochs=1] scope=global"
                        + " output-layer=prune start-from=last optimizer-state=fresh validation=0"
                        + " train-evaluation=on record=none";
        assertThat(Cells.condition(cell("magnitude", "0.9", recipe, 1)))
                .isEqualTo(
                        "architecture=lenet-300-100 dataset=digits noise=0 method=magnitude"
                                + " pruning-ratio=0.9"
                                + settings);
        assertThat(Cells.condition(control(Control.OTHER_ORDER, recipe, 1)))
                .isEqualTo(
                        "architecture=lenet-300-100 dataset=digits noise=0 control=other-order"
                                + " pruning-ratio=0"
                                + settings);

        assertThat(planned(cell("magnitude", "0.9", recipe, 1)).id()).isEqualTo("9eba1e93aead00e0");
        assertThat(planned(cell("magnitude", "0", recipe, 1)).id()).isEqualTo("4dc134a1c2bc6171");
        assertThat(planned(cell("lenet-5", "random", "0.5", recipe, 2)).id())
                .isEqualTo("47efc336a21cbdf9");
        assertThat(planned(control(Control.TRAINED_AS_LONG, recipe, 1)).id())
                .isEqualTo("462ff6654b6dd599");
        assertThat(planned(control(Control.OTHER_ORDER, recipe, 1)).id())
                .isEqualTo("167d1e352e5ea3d0");
    }

    @Test
    void tellsOfCells() {
        Recipe recipe = recipe("default", 2, 1);

        assertThat(Cells.text(cell("magnitude", "0.9", recipe, 1)))
                .isEqualTo(
                        "lenet-300-100 digits noise=0 magnitude pruning-ratio=0.9 recipe=default"
                                + " seed=1");
        assertThat(Cells.text(cell("magnitude", "0", recipe, 1)))
                .isEqualTo(
                        "lenet-300-100 digits noise=0 control pruning-ratio=0 recipe=default"
                                + " seed=1");
        assertThat(Cells.text(control(Control.TRAINED_AS_LONG, recipe, 1)))
                .isEqualTo(
                        "lenet-300-100 digits noise=0 control(trained-as-long) pruning-ratio=0"
                                + " recipe=default seed=1");
    }

    /** Names of lower case, digits and separators, as the languages of these countries write. */
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "tr-TR", "fa-IR", "hi-IN-u-nu-deva", "de-DE"})
    void namesAreThoseOfEverywhere(String language) {
        Recipe recipe = recipe("default", 2, 1);
        List<PlannedCell> here =
                List.of(
                        planned(cell("magnitude", "0.9", recipe, 1)),
                        planned(cell("undecayed", "0.25", recipe, 12)),
                        planned(control(Control.OTHER_ORDER, recipe, 1)));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));
            for (PlannedCell one : here) {
                PlannedCell there = planned(one.cell());
                assertThat(there.id()).isEqualTo(one.id());
                assertThat(there.programme().leaf()).isEqualTo(one.programme().leaf());
                assertThat(Cells.text(there.cell())).isEqualTo(Cells.text(one.cell()));
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theNameOfARecipeIsNoPartOfAnIdentity() {
        PlannedCell one = planned(cell("magnitude", "0.9", recipe("one", 2, 1), 1));
        PlannedCell two = planned(cell("magnitude", "0.9", recipe("two", 2, 1), 1));

        assertThat(one.id()).isEqualTo(two.id());
        assertThat(one.programme().leaf()).isEqualTo(two.programme().leaf());
    }

    @Test
    void twoNamesOfOneNetworkShareEveryStageAndHaveARowEach() {
        Recipe recipe = recipe("default", 2, 1);
        PlannedCell lenet = planned(cell("lenet-300-100", "magnitude", "0.9", recipe, 1));
        PlannedCell mlp = planned(cell("mlp-300-100", "magnitude", "0.9", recipe, 1));

        assertThat(lenet.programme().leaf()).isEqualTo(mlp.programme().leaf());
        assertThat(lenet.id()).isNotEqualTo(mlp.id());
    }

    /** What only looks at a network is in the name of the cell and of no network. */
    @Test
    void whatOnlyMeasuresIsInNoNetworksName() {
        Recipe recipe = recipe("default", 2, 1);
        Recipe off = SomeCells.measuring(recipe, Recipe.TrainEvaluation.OFF, Recipe.Recorded.NONE);
        Recipe all =
                SomeCells.measuring(recipe, Recipe.TrainEvaluation.ON, Recipe.Recorded.PREDICTIONS);

        PlannedCell some = planned(cell("magnitude", "0.9", recipe, 1));
        PlannedCell fewer = planned(cell("magnitude", "0.9", off, 1));
        PlannedCell more = planned(cell("magnitude", "0.9", all, 1));

        assertThat(Set.of(some.id(), fewer.id(), more.id())).hasSize(3);
        assertThat(fewer.programme().leaf()).isEqualTo(some.programme().leaf());
        assertThat(more.programme().leaf()).isEqualTo(some.programme().leaf());
        assertThat(fewer.programme().measures()).isEmpty();
        assertThat(some.programme().measures()).hasSize(3);
        assertThat(more.programme().measures()).hasSize(6);
    }

    @Test
    void namesOfArchitectureDataSetAndEngineAreNoPartOfAStage() {
        assertThat(Stage.of(new Initialise("other net", "structure of net", 7)))
                .isEqualTo(SomeCells.INITIAL);
        assertThat(
                        Stage.of(
                                new Data(
                                        "other digits",
                                        "digits-1",
                                        BigDecimal.ZERO,
                                        1,
                                        BigDecimal.ZERO,
                                        1)))
                .isEqualTo(SomeCells.DATA);
        assertThat(new Prune(choice("magnitude", "0.9"), new Arithmetic("other", "some-1")))
                .extracting(Operation::canonicalText)
                .isEqualTo(prune("0.9").canonicalText());
    }

    /** A seed from which nothing is drawn makes no difference. */
    @Test
    void seedsThatDrawNothingAreNoPartOfAName() {
        assertThat(new Data("d", "d-1", BigDecimal.ZERO, 1, BigDecimal.ZERO, 1).canonicalText())
                .isEqualTo(
                        new Data("d", "d-1", BigDecimal.ZERO, 2, BigDecimal.ZERO, 3)
                                .canonicalText());
        assertThat(
                        Choice.of(
                                method("magnitude"),
                                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal("0.5")),
                                Recipe.Scope.GLOBAL,
                                Recipe.OutputLayer.PRUNE,
                                Seeds.all(2),
                                Drops.SOME))
                .isEqualTo(choice("magnitude", "0.5"));
    }

    /** Each differs from the others in one thing that determines bits. */
    @Test
    void whatDeterminesBitsDeterminesTheName() {
        Training a = SomeCells.ADAM;
        BigDecimal some = new BigDecimal("0.1");
        List<Operation> operations =
                List.of(
                        data("0", "0"),
                        data("0.1", "0"),
                        data("0", "0.1"),
                        new Data("digits", "digits-2", BigDecimal.ZERO, 3, BigDecimal.ZERO, 4),
                        new Data("digits", "digits-1", some, 4, BigDecimal.ZERO, 4),
                        new Data("digits", "digits-1", BigDecimal.ZERO, 3, some, 5),
                        new Initialise("net", "s", 1),
                        new Initialise("net", "s2", 1),
                        new Initialise("net", "s", 2),
                        new Reinitialise(1),
                        new Reinitialise(2),
                        new Rewind(Rewind.What.NETWORK),
                        new Restore(Restore.What.BEST_VALIDATION, SOME),
                        trains(a),
                        trains(
                                new Training(
                                        a.optimizer(), a.learningRate(), a.weightDecay(), 65, 2)),
                        trains(
                                new Training(
                                        new Optimizer.Sgd(),
                                        a.learningRate(),
                                        a.weightDecay(),
                                        64,
                                        2)),
                        trains(
                                new Training(
                                        a.optimizer(),
                                        LearningRate.constant(some),
                                        a.weightDecay(),
                                        64,
                                        2)),
                        trains(
                                new Training(
                                        a.optimizer(),
                                        a.learningRate(),
                                        new WeightDecay(some, WeightDecay.Kind.COUPLED),
                                        64,
                                        2)),
                        trains(
                                new Training(
                                        a.optimizer(),
                                        a.learningRate(),
                                        new WeightDecay(some, WeightDecay.Kind.DECOUPLED),
                                        64,
                                        2)),
                        training(a, Step.ZERO, Step.epochs(3), OptionalSeed.NONE),
                        training(a, Step.ZERO, Step.iterations(7), OptionalSeed.NONE),
                        training(a, Step.epochs(1), Step.epochs(2), OptionalSeed.NONE),
                        training(a, Step.ZERO, Step.epochs(2), OptionalSeed.of(1)),
                        training(a, Step.ZERO, Step.epochs(2), OptionalSeed.of(2)),
                        train(Train.DENSE, Step.ZERO, Step.epochs(2), Recipe.OptimizerState.FRESH),
                        ordered(2, SOME),
                        ordered(1, new Arithmetic("some", "some-2")),
                        prune("0.5"),
                        prune("0.51"),
                        ratio(Ratio.Kind.COMPRESSION, "4"),
                        undecayed(),
                        new Prune(choice("magnitude", "0.5"), new Arithmetic("some", "some-2")),
                        new Prune(choice("gradient", "0.5"), SOME),
                        gaussian(1),
                        gaussian(2),
                        new Perturb(
                                NoiseKind.ZERO,
                                choice("magnitude", "0.5"),
                                Targets.NEW,
                                1,
                                OptionalSeed.NONE,
                                SOME),
                        new Measure(Measure.What.TRAIN, SOME),
                        new Measure(Measure.What.PREDICTIONS, SOME));
        Set<String> texts = new HashSet<>();

        for (Operation operation : operations) {
            assertThat(texts.add(operation.canonicalText())).as("%s", operation).isTrue();
        }
    }

    /** An operation on another network, or on other data, is another stage. */
    @Test
    void everyInputIsPartOfTheName() {
        Stage dense = train(Train.DENSE, SomeCells.INITIAL, 2);
        Stage noisy = Stage.of(data("0.1", "0"));

        assertThat(
                        Set.of(
                                Stage.of(prune("0.5"), dense, SomeCells.DATA),
                                Stage.of(prune("0.5"), dense, noisy),
                                Stage.of(prune("0.5"), SomeCells.INITIAL, SomeCells.DATA)))
                .hasSize(3);
        assertThat(SomeCells.rewind(dense, SomeCells.INITIAL))
                .isNotEqualTo(SomeCells.rewind(SomeCells.INITIAL, dense));
    }

    /** As it crosses to an executor. */
    @Test
    void survivesSerialisation() throws Exception {
        PlannedCell cell = planned(cell("undecayed", "0.9", recipe("default", 2, 1), 1));

        PlannedCell read = (PlannedCell) crossed(cell);

        assertThat(read).isEqualTo(cell);
        assertThat(read.programme().leaf().path()).isEqualTo(cell.programme().leaf().path());
        assertThat(read.programme().leaf().path().stream().map(Stage::operation))
                .isEqualTo(cell.programme().leaf().path().stream().map(Stage::operation).toList());
    }

    /** Two thousand rounds: a chain deeper than a thread's stack. */
    @Test
    void aLongChainSurvivesSerialisation() throws Exception {
        Stage stage = SomeCells.INITIAL;
        for (int round = 0; round < 2000; round++) {
            stage = prune(stage, "0.5");
        }

        assertThat(crossed(stage)).isEqualTo(stage);
    }

    /** A training has one name, wherever it was cut. */
    @Test
    void howATrainingIsCutMakesNoDifference() {
        Stage whole = train(Train.DENSE, SomeCells.INITIAL, 3);
        Stage first = train(Train.DENSE, SomeCells.INITIAL, 1);
        Stage early =
                Stage.of(
                        train(
                                Train.DENSE,
                                Step.ZERO,
                                Step.iterations(4),
                                Recipe.OptimizerState.FRESH),
                        SomeCells.INITIAL,
                        SomeCells.DATA);

        assertThat(SomeCells.goOn(first, Step.epochs(1), Step.epochs(3))).isEqualTo(whole);
        assertThat(SomeCells.goOn(early, Step.iterations(4), Step.epochs(3))).isEqualTo(whole);
        assertThat(
                        SomeCells.goOn(
                                SomeCells.goOn(early, Step.iterations(4), Step.epochs(2)),
                                Step.epochs(2),
                                Step.epochs(3)))
                .isEqualTo(whole);
        assertThat(SomeCells.goOn(prune(first, "0.5"), Step.epochs(1), Step.epochs(3)))
                .isNotEqualTo(whole);
    }

    @Test
    void listsWhatATrainingCanGoOnFrom() {
        Stage three = train(Train.DENSE, SomeCells.INITIAL, 3);

        assertThat(three.shorter())
                .containsExactly(
                        train(Train.DENSE, SomeCells.INITIAL, 2),
                        train(Train.DENSE, SomeCells.INITIAL, 1));
        assertThat(SomeCells.INITIAL.shorter()).isEmpty();
        assertThat(prune(three, "0.5").shorter()).isEmpty();
        assertThat(train(Train.DENSE, SomeCells.INITIAL, 0).shorter()).isEmpty();
    }

    @Test
    void goesOnOnlyFromItsOwnBeginning() {
        Stage three = train(Train.DENSE, SomeCells.INITIAL, 3);
        Stage two = train(Train.DENSE, SomeCells.INITIAL, 2);
        Stage other = train(Train.DENSE, prune(SomeCells.INITIAL, "0.5"), 2);

        assertThat(three.continuing(two)).isEqualTo(three);
        assertThat(three.continuing(two).inputs()).containsExactly(two, SomeCells.DATA);
        assertThatThrownBy(() -> three.continuing(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a beginning of");
    }

    private static Object crossed(Object object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    private static Data data(String noise, String validation) {
        return new Data(
                "digits", "digits-1", new BigDecimal(noise), 3, new BigDecimal(validation), 4);
    }

    private static Train trains(Training training) {
        return training(training, Step.ZERO, Step.epochs(2), OptionalSeed.NONE);
    }

    private static Train training(Training training, Step from, Step to, OptionalSeed dropout) {
        return new Train(
                Train.DENSE,
                training,
                from,
                to,
                SomeCells.EPOCH,
                Recipe.OptimizerState.KEPT,
                1,
                dropout,
                SOME);
    }

    private static Train ordered(long orderSeed, Arithmetic arithmetic) {
        return new Train(
                Train.DENSE,
                SomeCells.ADAM,
                Step.ZERO,
                Step.epochs(2),
                new EpochLength(10),
                Recipe.OptimizerState.FRESH,
                orderSeed,
                OptionalSeed.NONE,
                arithmetic);
    }

    private static Prune ratio(Ratio.Kind kind, String value) {
        return new Prune(
                Choice.of(
                        method("magnitude"),
                        new Ratio(kind, new BigDecimal(value)),
                        Recipe.Scope.GLOBAL,
                        Recipe.OutputLayer.PRUNE,
                        Seeds.all(1),
                        Drops.NOTHING),
                SOME);
    }

    private static Prune undecayed() {
        return new Prune(
                Choice.of(
                        method("undecayed").resolve(recipe("default", 1, 1)),
                        new Ratio(Ratio.Kind.COMPRESSION, new BigDecimal("4")),
                        Recipe.Scope.LAYER_WISE,
                        Recipe.OutputLayer.KEEP,
                        Seeds.all(6),
                        Drops.SOME),
                SOME);
    }

    private static Perturb gaussian(long seed) {
        return new Perturb(
                NoiseKind.GAUSS,
                choice("magnitude", "0.5"),
                Targets.NEW,
                1,
                OptionalSeed.of(seed),
                SOME);
    }
}
