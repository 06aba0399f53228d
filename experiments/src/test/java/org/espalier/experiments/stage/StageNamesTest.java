// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.espalier.experiments.stage.SomeCells.cell;
import static org.espalier.experiments.stage.SomeCells.method;
import static org.espalier.experiments.stage.SomeCells.names;
import static org.espalier.experiments.stage.SomeCells.planned;
import static org.espalier.experiments.stage.SomeCells.prune;
import static org.espalier.experiments.stage.SomeCells.recipe;
import static org.espalier.experiments.stage.SomeCells.root;
import static org.espalier.experiments.stage.SomeCells.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.espalier.experiments.recipe.LearningRate;
import org.espalier.experiments.recipe.Optimizer;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Training;
import org.espalier.experiments.recipe.WeightDecay;
import org.junit.jupiter.api.Test;

/**
 * Texts and names that old results are filed under: whoever changes one here gives every result so
 * far another name. The hashes are of GNU coreutils 9.1, {@code printf '%s\n%s' PARENT TEXT |
 * sha256sum}, first 32 digits; of ids first 16.
 */
class StageNamesTest {
    private static final Operation.Initialise ROOT = root("net", "structure of net", 7);

    @Test
    void writesAnInitialisation() {
        assertThat(ROOT.canonicalText())
                .isEqualTo(
                        "initialise structure=[structure of net] data=digits-1 noise=0 validation=0"
                                + " numerics=some-1 seed=7");
        assertThat(
                        new Operation.Initialise(
                                        "net",
                                        "structure of net",
                                        "digits",
                                        "digits-1",
                                        new BigDecimal("2.50e-1"),
                                        new BigDecimal("0.10"),
                                        "some",
                                        "some-1",
                                        -1)
                                .canonicalText())
                .isEqualTo(
                        "initialise structure=[structure of net] data=digits-1 noise=0.25"
                                + " validation=0.1 numerics=some-1 seed=-1");
    }

    /** The key came later: its old meaning must leave names as they were. */
    @Test
    void namesTrainingEvaluationOnlyWhereItIsOff() {
        Operation.Initialise off =
                new Operation.Initialise(
                        ROOT.architecture(),
                        ROOT.structure(),
                        ROOT.dataset(),
                        ROOT.fingerprint(),
                        ROOT.noise(),
                        ROOT.validation(),
                        ROOT.engine(),
                        ROOT.numerics(),
                        ROOT.seed(),
                        Recipe.TrainEvaluation.OFF);

        assertThat(off.canonicalText()).isEqualTo(ROOT.canonicalText() + " train-evaluation=off");
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

        assertThat(train(Cells.DENSE, 2).canonicalText())
                .isEqualTo(
                        "train adam beta1=0.9 beta2=0.999 epsilon=0.00000001 rate=0.001 decay=0"
                                + " batch=64 state=FRESH epochs=2");
        assertThat(
                        new Operation.Train(Cells.DENSE, steps, Recipe.OptimizerState.FRESH)
                                .canonicalText())
                .isEqualTo(
                        "train nesterov momentum=0.9 rate=0.1 steps=[80, 120] factor=0.1"
                                + " decay=0.0005 COUPLED batch=128 state=FRESH epochs=160");
        assertThat(
                        new Operation.Train(Cells.FINE_TUNE, plain, Recipe.OptimizerState.KEPT)
                                .canonicalText())
                .isEqualTo(
                        "train sgd rate=0.01 decay=0.0001 DECOUPLED batch=1 state=KEPT epochs=0");
    }

    @Test
    void writesPrunings() {
        assertThat(prune("0.90").canonicalText())
                .isEqualTo(
                        "prune magnitude pruning-ratio=0.9 scope=GLOBAL output=PRUNE start=LAST");
        assertThat(
                        new Operation.Prune(
                                        method("undecayed").resolve(recipe("default", 1, 1)),
                                        new Ratio(Ratio.Kind.COMPRESSION, new BigDecimal("4")),
                                        Recipe.Scope.LAYER_WISE,
                                        Recipe.OutputLayer.KEEP,
                                        Recipe.StartFrom.BEST_VALIDATION)
                                .canonicalText())
                .isEqualTo(
                        "prune undecayed(samples=128,weight-decay=0) compression=4 scope=LAYER_WISE"
                                + " output=KEEP start=BEST_VALIDATION");
        assertThat(control(Recipe.StartFrom.LAST).canonicalText())
                .isEqualTo("prune nothing start=LAST");
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
        Stage leaf =
                Stage.root(ROOT)
                        .then(train(Cells.DENSE, 2))
                        .then(prune("0.9"))
                        .then(train(Cells.FINE_TUNE, 1));

        assertThat(names(leaf))
                .containsExactly(
                        "3025b66e94ffe35040d3de7138c9d51c",
                        "3f37961f27212675cc7f513cfc21286c",
                        "10e19a3a6883952e6f6d96538a9df973",
                        "9cd054d5ccbd0a8f2527db6ebe0b076b");
    }

    /** The structure of the catalogue's networks is hashed too. */
    @Test
    void namesCells() {
        Recipe recipe = recipe("default", 2, 1);

        assertThat(planned(cell("magnitude", "0.9", recipe, 1)).id()).isEqualTo("9acc3181a3fe2fce");
        assertThat(planned(cell("magnitude", "0", recipe, 1)).id()).isEqualTo("ce2ca235a678a0fe");
        assertThat(planned(cell("lenet-5", "random", "0.5", recipe, 2)).id())
                .isEqualTo("80ef0effc3146805");
        assertThat(Cells.text(cell("magnitude", "0.9", recipe, 1)))
                .isEqualTo(
                        "lenet-300-100 digits noise=0 magnitude pruning-ratio=0.9 recipe=default"
                                + " seed=1");
        assertThat(Cells.text(cell("magnitude", "0", recipe, 1)))
                .isEqualTo(
                        "lenet-300-100 digits noise=0 control pruning-ratio=0 recipe=default"
                                + " seed=1");
    }

    @Test
    void theNameOfARecipeIsNoPartOfAnIdentity() {
        PlannedCell one = planned(cell("magnitude", "0.9", recipe("one", 2, 1), 1));
        PlannedCell two = planned(cell("magnitude", "0.9", recipe("two", 2, 1), 1));

        assertThat(one.id()).isEqualTo(two.id());
        assertThat(one.leaf()).isEqualTo(two.leaf());
    }

    @Test
    void twoNamesOfOneNetworkShareEveryStageAndHaveARowEach() {
        Recipe recipe = recipe("default", 2, 1);
        PlannedCell lenet = planned(cell("lenet-300-100", "magnitude", "0.9", recipe, 1));
        PlannedCell mlp = planned(cell("mlp-300-100", "magnitude", "0.9", recipe, 1));

        assertThat(names(lenet.leaf())).isEqualTo(names(mlp.leaf()));
        assertThat(lenet.id()).isNotEqualTo(mlp.id());
        StageTree tree = StageTree.of(List.of(lenet, mlp));
        assertThat(tree.segments()).hasSize(2);
        assertThat(tree.segments().get(1).cells()).containsExactly(lenet, mlp);
    }

    @Test
    void namesOfDataSetAndEngineAreNoPartOfAStage() {
        Operation.Initialise other =
                new Operation.Initialise(
                        "other net",
                        ROOT.structure(),
                        "other digits",
                        ROOT.fingerprint(),
                        BigDecimal.ZERO,
                        BigDecimal.ZERO,
                        "other engine",
                        ROOT.numerics(),
                        ROOT.seed());

        assertThat(Stage.root(other)).isEqualTo(Stage.root(ROOT));
    }

    /** Each differs from the first in one thing that determines bits. */
    @Test
    void whatDeterminesBitsDeterminesTheName() {
        Training a = SomeCells.ADAM;
        BigDecimal some = new BigDecimal("0.1");
        List<Operation> operations =
                List.of(
                        initialise("s", "d", "0", "0", "n", 1),
                        initialise("s2", "d", "0", "0", "n", 1),
                        initialise("s", "d2", "0", "0", "n", 1),
                        initialise("s", "d", "0.1", "0", "n", 1),
                        initialise("s", "d", "0", "0.1", "n", 1),
                        initialise("s", "d", "0", "0", "n2", 1),
                        initialise("s", "d", "0", "0", "n", 2),
                        trains(a),
                        trains(a.withEpochs(3)),
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
                        new Operation.Train(Cells.DENSE, a, Recipe.OptimizerState.KEPT),
                        prune("0.5"),
                        prune("0.51"),
                        control(Recipe.StartFrom.LAST),
                        control(Recipe.StartFrom.BEST_VALIDATION));
        Set<String> texts = new HashSet<>();

        for (Operation operation : operations) {
            assertThat(texts.add(operation.canonicalText())).as("%s", operation).isTrue();
        }
    }

    /** As it crosses to an executor. */
    @Test
    void survivesSerialisation() throws Exception {
        PlannedCell cell = planned(cell("undecayed", "0.9", recipe("default", 2, 1), 1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(cell);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            PlannedCell read = (PlannedCell) in.readObject();
            assertThat(read).isEqualTo(cell);
            assertThat(read.leaf().path()).isEqualTo(cell.leaf().path());
            assertThat(read.leaf().root()).isEqualTo(cell.leaf().root());
        }
    }

    @Test
    void listsWhatATrainingCanGoOnFrom() {
        Stage root = Stage.root(ROOT);
        Stage three = root.then(train(Cells.DENSE, 3));

        assertThat(three.shorter())
                .containsExactly(
                        root.then(train(Cells.DENSE, 2)), root.then(train(Cells.DENSE, 1)));
        assertThat(root.shorter()).isEmpty();
        assertThat(three.then(prune("0.5")).shorter()).isEmpty();
        assertThat(root.then(train(Cells.DENSE, 0)).shorter()).isEmpty();
    }

    private static Operation trains(Training training) {
        return new Operation.Train(Cells.DENSE, training, Recipe.OptimizerState.FRESH);
    }

    private static Operation initialise(
            String structure,
            String data,
            String noise,
            String validation,
            String numerics,
            long seed) {
        return new Operation.Initialise(
                "net",
                structure,
                "digits",
                data,
                new BigDecimal(noise),
                new BigDecimal(validation),
                "some",
                numerics,
                seed);
    }

    private static Operation.Prune control(Recipe.StartFrom start) {
        return new Operation.Prune(
                null,
                new Ratio(Ratio.Kind.PRUNING_RATIO, BigDecimal.ZERO),
                Recipe.Scope.GLOBAL,
                Recipe.OutputLayer.PRUNE,
                start);
    }
}
