// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Architectures;
import org.espalier.experiments.network.Shape;
import org.junit.jupiter.api.Test;

class SuitabilityTest {
    private static final Suitability.Source ALL = (need, kind) -> Optional.empty();

    @Test
    void aMethodThatSeesNothingButWeightsFitsEverywhere() {
        Suitability.Source nothing = (need, kind) -> Optional.of("nothing is given");

        for (LayerKind kind : LayerKind.values()) {
            assertThat(Suitability.of(create("magnitude"), kind, nothing))
                    .isEqualTo(new Suitability(true, ""));
            assertThat(Suitability.of(create("random"), kind, nothing).allowed()).isTrue();
        }
    }

    @Test
    void whatAnEngineDoesNotGiveOfALayerIsRefusedWithItsReason() {
        Suitability.Source noConvolutions =
                (need, kind) ->
                        kind == LayerKind.DENSE
                                ? Optional.empty()
                                : Optional.of("it cannot give " + need.text());

        assertThat(Suitability.of(create("gradient"), LayerKind.DENSE, noConvolutions))
                .isEqualTo(new Suitability(true, ""));
        assertThat(Suitability.of(create("gradient"), LayerKind.CONVOLUTION, noConvolutions))
                .isEqualTo(new Suitability(false, "it cannot give the gradient of 128 samples"));
    }

    @Test
    void saysWhereThereIsNoBiasToShift() {
        PruningMethod on = create("elimination-compensation");
        PruningMethod large =
                Methods.find("elimination-compensation")
                        .orElseThrow()
                        .create()
                        .apply(Map.of("target", "large"));
        PruningMethod off =
                Methods.find("elimination-compensation")
                        .orElseThrow()
                        .create()
                        .apply(Map.of("compensation", "off"));

        assertThat(Suitability.of(on, LayerKind.CONVOLUTION_WITHOUT_BIAS, ALL))
                .isEqualTo(Suitability.of(large, LayerKind.CONVOLUTION_WITHOUT_BIAS, ALL))
                .isEqualTo(
                        new Suitability(true, "there is no bias to shift, so the score is W^2 S2"));
        assertThat(Suitability.of(on, LayerKind.CONVOLUTION, ALL).why()).isEmpty();
        assertThat(Suitability.of(off, LayerKind.CONVOLUTION_WITHOUT_BIAS, ALL).why())
                .isEqualTo("there is no bias to shift, so the score is W^2 S2");
    }

    @Test
    void tellsKindsOfLayersApart() {
        Architecture lenet = network("lenet-5");
        Architecture resnet = network("resnet-20");

        assertThat(LayerKind.of(lenet, lenet.weights()))
                .containsExactly(LayerKind.DENSE, LayerKind.CONVOLUTION);
        assertThat(LayerKind.of(resnet, resnet.weights()))
                .containsExactly(LayerKind.DENSE, LayerKind.CONVOLUTION_WITHOUT_BIAS);
        for (LayerKind kind : LayerKind.values()) {
            assertThat(LayerKind.anyIn(lenet.canonicalText(), kind))
                    .isEqualTo(LayerKind.of(lenet, lenet.weights()).contains(kind));
            assertThat(LayerKind.anyIn(resnet.canonicalText(), kind))
                    .isEqualTo(LayerKind.of(resnet, resnet.weights()).contains(kind));
        }
        assertThat(LayerKind.of(resnet, resnet.weights().subList(0, 3)))
                .containsExactly(LayerKind.CONVOLUTION_WITHOUT_BIAS);
    }

    private static Architecture network(String name) {
        return Architectures.create(
                name, new Shape(3, 32, 32), 10, Architecture.Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static PruningMethod create(String id) {
        return Methods.find(id).orElseThrow().create().apply(Map.of());
    }
}
