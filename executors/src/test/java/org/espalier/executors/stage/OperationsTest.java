// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.espalier.executors.stage.Tiny.ADAM;
import static org.espalier.executors.stage.Tiny.cell;
import static org.espalier.executors.stage.Tiny.recipe;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.espalier.executors.store.NetworkState;
import org.espalier.executors.store.SomeStates;
import org.espalier.experiments.journal.Entry;
import org.espalier.experiments.journal.Place;
import org.espalier.experiments.network.Tensor;
import org.espalier.experiments.pruning.Mask;
import org.espalier.experiments.random.Seeds;
import org.espalier.experiments.recipe.Ratio;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.ScheduleSettings.NoiseKind;
import org.espalier.experiments.recipe.ScheduleSettings.Targets;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.Stage;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Drops;
import org.espalier.experiments.stage.operation.OptionalSeed;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;
import org.espalier.experiments.stage.operation.Reinitialise;
import org.espalier.experiments.stage.operation.Restore;
import org.espalier.experiments.stage.operation.Rewind;
import org.espalier.experiments.stage.operation.Train;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Operations in chains that a schedule may write: rounds, tickets, noise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationsTest {
    private Tiny tiny;
    private int stores;
    private Stage trunk;
    private Stage data;
    private Stage initial;
    private Prune half;

    /** Two dense epochs of 4 updates each; 56 samples to train on, 14 held out. */
    @BeforeAll
    void write(@TempDir Path folder) {
        tiny = new Tiny(folder);
        Recipe recipe =
                recipe(ADAM, ADAM, Recipe.StartFrom.LAST, Recipe.OptimizerState.FRESH, "0.2");
        Stage leaf = tiny.planned(cell("magnitude", "0.5", recipe)).programme().leaf();
        Stage pruned = leaf.network().orElseThrow();
        half = (Prune) pruned.operation();
        trunk = pruned.network().orElseThrow();
        initial = trunk.inputs().get(0);
        data = trunk.inputs().get(1);
    }

    /** The second pruning goes on from the first one's mask and tells of what it took itself. */
    @Test
    void prunesRoundByRound() throws Exception {
        Stage first = fineTuned(pruned(trunk, "0.5"), 1);
        Stage second = pruned(first, "0.9");
        Stage leaf = fineTuned(second, 1);

        NetworkState once = tiny.reach(first, store());
        NetworkState twice = tiny.reach(leaf, store());

        List<Entry.Pruned> events = entries(twice, Entry.Pruned.class);
        assertThat(events).hasSize(2);
        // 312 weights: 156 pruned first, then to 281
        assertThat(touched(events.get(0).touched())).isEqualTo(156);
        assertThat(touched(events.get(1).touched())).isEqualTo(281 - 156);
        assertThat(events.get(1).before().test()).isEqualTo(once.journal().of(first.name()).test());
        assertThat(events.get(1).after().test())
                .isEqualTo(twice.journal().of(second.name()).test());
        assertThat(twice.journal().entries().subList(0, once.journal().entries().size()))
                .extracting(e -> e.getClass().getSimpleName() + e.stage())
                .isEqualTo(
                        once.journal().entries().stream()
                                .map(e -> e.getClass().getSimpleName() + e.stage())
                                .toList());
        once.masks()
                .forEach(
                        (name, mask) ->
                                assertThat(twice.masks().get(name).without(mask).cardinality())
                                        .as("kept of what was pruned in %s", name)
                                        .isZero());
        assertThat(entries(twice, Entry.Trained.class))
                .extracting(Entry.Trained::phase, Entry.Trained::round)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("dense", 0),
                        org.assertj.core.groups.Tuple.tuple("fine-tune", 1),
                        org.assertj.core.groups.Tuple.tuple("fine-tune", 2));
    }

    /** Rewound weights are those of the older network under the mask, and so is all else of it. */
    @Test
    void rewindsToTheMiddleOfAnEpoch() throws Exception {
        Train whole = (Train) trunk.operation();
        Stage early = Stage.of(whole.between(Step.ZERO, Step.iterations(3)), initial, data);
        Stage rewound = Stage.of(new Rewind(Rewind.What.NETWORK), pruned(trunk, "0.5"), early);

        NetworkState then = tiny.reach(early, store());
        NetworkState now = tiny.reach(rewound, store());

        assertThat(now.place()).isEqualTo(then.place()).isEqualTo(new Place(0, 3));
        assertMasked(now.parameters(), then.parameters(), now.masks());
        assertThat(tensor(now.optimizer(), "updates").values()[0]).isEqualTo(3);
        assertThat(masked(now.masks())).isEqualTo(156);
        Entry.Rewound entry = entries(now, Entry.Rewound.class).get(0);
        assertThat(entry.to()).isEqualTo("3it");
        assertThat(entry.kind()).isEqualTo("rewind");

        // 5 updates are left of the two epochs, in the order that the dense training had
        Stage again =
                Stage.of(
                        whole.with(Recipe.OptimizerState.KEPT)
                                .between(Step.iterations(3), Step.epochs(2)),
                        rewound,
                        data);
        NetworkState trained = tiny.reach(again, store());
        assertThat(trained.place()).isEqualTo(new Place(2, 0));
        assertThat(tensor(trained.optimizer(), "updates").values()[0]).isEqualTo(8);
        assertThat(zerosAtMask(trained)).isTrue();
    }

    /** Without a mask a network that is rewound and trained again is the one it was. */
    @Test
    void aRewoundNetworkThatWasNotPrunedTrainsAsBefore() throws Exception {
        Train whole = (Train) trunk.operation();
        Stage early = Stage.of(whole.between(Step.ZERO, Step.iterations(3)), initial, data);
        Stage again =
                Stage.of(
                        whole.with(Recipe.OptimizerState.KEPT)
                                .between(Step.iterations(3), Step.epochs(2)),
                        Stage.of(new Rewind(Rewind.What.NETWORK), trunk, early),
                        data);

        NetworkState direct = tiny.reach(trunk, store());
        NetworkState rewound = tiny.reach(again, store());

        assertThat(again).isNotEqualTo(trunk);
        assertSame(rewound.parameters(), direct.parameters());
        assertSame(rewound.optimizer(), direct.optimizer());
    }

    @Test
    void rewindsToTheStart() throws Exception {
        NetworkState start = tiny.beginning(trunk);
        NetworkState rewound =
                tiny.reach(
                        Stage.of(new Rewind(Rewind.What.NETWORK), pruned(trunk, "0.5"), initial),
                        store());

        assertMasked(rewound.parameters(), start.parameters(), rewound.masks());
        assertThat(rewound.optimizer()).isEmpty();
        assertThat(rewound.place()).isEqualTo(Place.START);
        assertThat(entries(rewound, Entry.Rewound.class).get(0).to()).isEqualTo("0ep");
    }

    /** Another seed, other weights under the same mask; the seed of the start, its weights. */
    @Test
    void initialisesAnew() throws Exception {
        NetworkState start = tiny.beginning(trunk);
        Stage pruned = pruned(trunk, "0.5");
        NetworkState same = tiny.reach(Stage.of(new Reinitialise(1), pruned), store());
        NetworkState other = tiny.reach(Stage.of(new Reinitialise(2), pruned), store());

        assertMasked(same.parameters(), start.parameters(), same.masks());
        assertThat(zerosAtMask(other)).isTrue();
        assertThat(other.masks()).isEqualTo(same.masks());
        assertThat(other.parameters().get(0).values())
                .isNotEqualTo(same.parameters().get(0).values());
        assertThat(other.optimizer()).isEmpty();
        assertThat(other.place()).isEqualTo(Place.START);
        assertThat(entries(other, Entry.Rewound.class).get(0).kind()).isEqualTo("re-initialise");
        assertThat(entries(other, Entry.Rewound.class).get(0).to()).isNull();
    }

    /** What magnitude would prune is put to 0 and not masked: the next update moves it again. */
    @Test
    void perturbsToZeroWithoutPruning() throws Exception {
        Stage zeroed = perturbed(trunk, NoiseKind.ZERO);
        NetworkState dense = tiny.reach(trunk, store());
        NetworkState pruned = tiny.reach(pruned(trunk, "0.5"), store());
        NetworkState state = tiny.reach(zeroed, store());
        NetworkState trained = tiny.reach(fineTuned(zeroed, 1), store());

        assertSame(state.parameters(), pruned.parameters());
        assertThat(state.masks()).isEmpty();
        assertThat(masked(state.perturbed())).isEqualTo(312 - 156); // the complement of the mask
        Entry.Perturbed entry = entries(state, Entry.Perturbed.class).get(0);
        assertThat(entry.kind()).isEqualTo("zero");
        assertThat(entry.sigma()).isNull();
        assertThat(touched(entry.touched())).isEqualTo(156);
        assertThat(entry.before().test()).isEqualTo(dense.journal().of(trunk.name()).test());
        assertThat(entry.after().test().loss()).isNotEqualTo(entry.before().test().loss());
        assertThat(zeros(trained.parameters().get(0))).isLessThan(zeros(state.parameters().get(0)));
    }

    /** Noise on the chosen half of 288 weights: s of the layer's others, by hand below. */
    @Test
    void laysNoiseOverTheChosenWeights() throws Exception {
        NetworkState dense = tiny.reach(trunk, store());
        Stage noisy = perturbed(trunk, NoiseKind.GAUSS);
        NetworkState state = tiny.reach(noisy, store());
        NetworkState other =
                tiny.reach(
                        Stage.of(
                                new Perturb(
                                        NoiseKind.GAUSS,
                                        half.choice(),
                                        Targets.NEW,
                                        1,
                                        OptionalSeed.of(2),
                                        half.arithmetic()),
                                trunk,
                                data),
                        store());

        double sumOfDeviations = 0;
        for (Map.Entry<String, Mask> target : state.perturbed().entrySet()) {
            float[] before = tensor(dense.parameters(), target.getKey()).values();
            float[] after = tensor(state.parameters(), target.getKey()).values();
            double sum = 0;
            double squares = 0;
            int n = 0;
            for (int i = 0; i < before.length; i++) {
                if (target.getValue().keeps(i)) {
                    assertThat(after[i]).isNotEqualTo(before[i]);
                } else {
                    assertThat(after[i]).isEqualTo(before[i]);
                    sum += before[i];
                    squares += (double) before[i] * before[i];
                    n++;
                }
            }
            sumOfDeviations += Math.sqrt((squares - sum * sum / n) / (n - 1));
        }
        Entry.Perturbed entry = entries(state, Entry.Perturbed.class).get(0);
        assertThat(entry.kind()).isEqualTo("gauss");
        assertThat(entry.sigma()).isCloseTo(sumOfDeviations / 2, within(1e-6));
        assertThat(other.parameters().get(0).values())
                .isNotEqualTo(state.parameters().get(0).values());
        assertThat(other.perturbed()).isEqualTo(state.perturbed());
    }

    /** An epoch after the noise; the targets go back, the others keep what they have learnt. */
    @Test
    void restoresWhatWasPerturbedAndNothingElse() throws Exception {
        Stage noisy = perturbed(trunk, NoiseKind.GAUSS);
        Stage trained = fineTuned(noisy, 1);
        Stage restored =
                Stage.of(new Restore(Restore.What.PERTURBED, half.arithmetic()), trained, trunk);

        NetworkState dense = tiny.reach(trunk, store());
        NetworkState learnt = tiny.reach(trained, store());
        NetworkState state = tiny.reach(restored, store());

        for (Map.Entry<String, Mask> target : learnt.perturbed().entrySet()) {
            float[] old = tensor(dense.parameters(), target.getKey()).values();
            float[] moved = tensor(learnt.parameters(), target.getKey()).values();
            float[] now = tensor(state.parameters(), target.getKey()).values();
            for (int i = 0; i < now.length; i++) {
                assertThat(now[i]).isEqualTo(target.getValue().keeps(i) ? old[i] : moved[i]);
            }
        }
        assertThat(masked(learnt.perturbed())).isEqualTo(156);
        assertThat(state.perturbed()).isEmpty();
        assertThat(state.place()).isEqualTo(learnt.place());
        assertThat(entries(state, Entry.Perturbed.class))
                .extracting(Entry.Perturbed::kind)
                .containsExactly("gauss", "restore");
    }

    /** All parameters of the best epoch; the optimiser and the place are those of the last. */
    @Test
    void restoresTheBestEpoch() throws Exception {
        Stage restored =
                Stage.of(new Restore(Restore.What.BEST_VALIDATION, half.arithmetic()), trunk);

        NetworkState last = tiny.reach(trunk, store());
        NetworkState best = tiny.reach(restored, store());

        assertSame(best.parameters(), last.best());
        assertSame(best.optimizer(), last.optimizer());
        assertThat(best.place()).isEqualTo(last.place());
        int epoch =
                last.journal().lastTraining().orElseThrow().selections().stream()
                        .filter(s -> s.rule().equals("validation-accuracy"))
                        .findFirst()
                        .orElseThrow()
                        .epoch();
        assertThat(best.journal().of(restored.name()).test().loss())
                .isEqualTo(last.journal().curve("dense", 0).get(epoch - 1).testLoss());
    }

    /** Every chain above is the same through the store, a stage at a time. */
    @Test
    void chainsAreTheSameThroughTheStore() throws Exception {
        Stage noisy = fineTuned(perturbed(pruned(trunk, "0.5"), NoiseKind.GAUSS), 1);
        Stage chain =
                fineTuned(
                        Stage.of(
                                new Rewind(Rewind.What.NETWORK),
                                pruned(
                                        Stage.of(
                                                new Restore(
                                                        Restore.What.PERTURBED, half.arithmetic()),
                                                noisy,
                                                trunk),
                                        "0.8"),
                                initial),
                        2);
        String store = store();
        for (Stage stage : chain.path()) {
            if (stage.network().isPresent()) {
                tiny.keep(stage, store);
            }
        }

        NetworkState stepwise = tiny.store(store).read(chain.name()).orElseThrow();
        NetworkState direct = tiny.reach(chain, store());

        SomeStates.assertSameNetwork(stepwise, direct);
        assertThat(Timeless.of(stepwise.journal())).isEqualTo(Timeless.of(direct.journal()));
        assertThat(zerosAtMask(direct)).isTrue();
    }

    private Stage pruned(Stage network, String ratio) {
        return Stage.of(
                new Prune(
                        Choice.of(
                                half.choice().method(),
                                new Ratio(Ratio.Kind.PRUNING_RATIO, new BigDecimal(ratio)),
                                Recipe.Scope.GLOBAL,
                                Recipe.OutputLayer.PRUNE,
                                Seeds.all(1),
                                Drops.NOTHING),
                        half.arithmetic()),
                network,
                data);
    }

    private Stage perturbed(Stage network, NoiseKind kind) {
        OptionalSeed seed = kind == NoiseKind.GAUSS ? OptionalSeed.of(1) : OptionalSeed.NONE;
        return Stage.of(
                new Perturb(kind, half.choice(), Targets.NEW, 1, seed, half.arithmetic()),
                network,
                data);
    }

    private Stage fineTuned(Stage network, int epochs) {
        Train dense = (Train) trunk.operation();
        return Stage.of(
                new Train(
                        Train.FINE_TUNE,
                        dense.training(),
                        Step.ZERO,
                        Step.epochs(epochs),
                        dense.epoch(),
                        Recipe.OptimizerState.FRESH,
                        1,
                        OptionalSeed.NONE,
                        dense.arithmetic()),
                network,
                data);
    }

    private String store() {
        return "operations-" + ++stores;
    }

    private static <T extends Entry> List<T> entries(NetworkState state, Class<T> kind) {
        return state.journal().entries().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static long touched(List<org.espalier.results.CellRow.LayerEvent> layers) {
        return layers.stream().mapToLong(l -> l.touched()).sum();
    }

    private static int masked(Map<String, Mask> masks) {
        return masks.values().stream().mapToInt(Mask::cardinality).sum();
    }

    private static Tensor tensor(List<Tensor> tensors, String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    private static int zeros(Tensor tensor) {
        int zeros = 0;
        for (float value : tensor.values()) {
            zeros += value == 0 ? 1 : 0;
        }
        return zeros;
    }

    private static boolean zerosAtMask(NetworkState state) {
        for (Map.Entry<String, Mask> mask : state.masks().entrySet()) {
            float[] values = tensor(state.parameters(), mask.getKey()).values();
            for (int i = 0; i < values.length; i++) {
                if (!mask.getValue().keeps(i) && values[i] != 0) {
                    return false;
                }
            }
        }
        return !state.masks().isEmpty();
    }

    /** The others where the mask keeps, 0 elsewhere. */
    private static void assertMasked(
            List<Tensor> found, List<Tensor> others, Map<String, Mask> masks) {
        for (Tensor tensor : found) {
            float[] expected = tensor(others, tensor.name()).values().clone();
            if (masks.containsKey(tensor.name())) {
                masks.get(tensor.name()).apply(expected);
            }
            assertThat(tensor.values()).as(tensor.name()).isEqualTo(expected);
        }
    }

    private static void assertSame(List<Tensor> found, List<Tensor> expected) {
        assertThat(found).hasSameSizeAs(expected).isNotEmpty();
        for (Tensor tensor : found) {
            assertThat(tensor.values())
                    .as(tensor.name())
                    .isEqualTo(tensor(expected, tensor.name()).values());
        }
    }
}
