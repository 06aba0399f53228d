// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.espalier.experiments.statistics.ConditionSummary.Key;
import org.junit.jupiter.api.Test;

class SettingNamesTest {
    private static final String SETTINGS =
            "dense=[adam 0.001 none batch=64 epochs=10] schedule=one-shot"
                    + " fine-tune=[adam 0.001 none batch=64 epochs=5] scope=global";

    private static Key key(
            String recipe,
            String settings,
            String numerics,
            String science,
            String dataset,
            String fingerprint,
            double noise) {
        return new Key(
                recipe,
                settings,
                "one-shot",
                numerics,
                science,
                "mlp-8",
                dataset,
                fingerprint,
                noise,
                "classification",
                "",
                "",
                "",
                "",
                0);
    }

    private static List<String> names(Key... settings) {
        SettingNames names = new SettingNames(List.of(settings));
        return List.of(settings).stream().map(names::of).toList();
    }

    private static Key usual(String dataset) {
        return key("default", SETTINGS, "vector-1", "", dataset, "f", 0);
    }

    @Test
    void saysNothingOfWhatIsUsualAndAlike() {
        assertThat(names(usual("mnist"), usual("strokes")))
                .containsExactly("mlp-8 on mnist", "mlp-8 on strokes");
        assertThat(names(key("long", SETTINGS, "v", "", "mnist", "f", 0.25)))
                .containsExactly("mlp-8 on mnist, noise 0.25, recipe long");
    }

    /** What differs is told of both, also where one of them is usual. */
    @Test
    void tellsEveryTraitThatDiffers() {
        assertThat(names(usual("mnist"), key("long", SETTINGS, "vector-1", "", "mnist", "f", 0.2)))
                .containsExactly(
                        "mlp-8 on mnist, noise 0, recipe default",
                        "mlp-8 on mnist, noise 0.2, recipe long");
        assertThat(
                        names(
                                usual("mnist"),
                                key(
                                        "default",
                                        SETTINGS,
                                        "vector-2",
                                        "prune=2",
                                        "mnist",
                                        "0123456789abcdef0123456789abcdef",
                                        0)))
                .containsExactly(
                        "mlp-8 on mnist, data with fingerprint f, arithmetic vector-1, science 1",
                        "mlp-8 on mnist, data with fingerprint 0123456789ab, arithmetic vector-2,"
                                + " science prune=2");
    }

    @Test
    void tellsRecipesOfOneNameApartByTheirWords() {
        String longer = SETTINGS.replace("epochs=10]", "epochs=20]") + " min-per-layer=3";

        assertThat(names(usual("mnist"), key("default", longer, "vector-1", "", "mnist", "f", 0)))
                .containsExactly(
                        "mlp-8 on mnist, dense epochs=10",
                        "mlp-8 on mnist, dense epochs=20 min-per-layer=3");
    }
}
