// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.espalier.experiments.network.Architecture.Loss;
import org.espalier.experiments.random.RandomStream;
import org.espalier.experiments.random.Streams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialWeightsTest {
    private static final Shape PICTURE = new Shape(3, 32, 32);

    @Test
    void followTheOrderOfTheParameters() {
        Architecture resnet = create("resnet-20");

        List<Tensor> tensors = InitialWeights.of(resnet, new Streams(1));

        assertThat(tensors.stream().map(Tensor::toString))
                .containsExactlyElementsOf(
                        resnet.parameters().stream()
                                .map(p -> p.name() + Arrays.toString(p.dimensions()))
                                .toList());
    }

    /**
     * Deviations sqrt(gain / fanIn). A ReLU follows conv1 through bn1, and conv3 through bn3 and
     * the sum; none follows fc1 of resnet-20 nor any layer of a tanh network. The standard error of
     * a deviation is s / sqrt(2 n); four of them are allowed.
     */
    @ParameterizedTest
    @CsvSource({
        "mlp-300-100, fc1.weight, 2, 3072",
        "mlp-300-100, fc2.weight, 2, 300",
        "mlp-300-100, fc3.weight, 1, 100",
        "mlp-64-64-tanh, fc1.weight, 1, 3072",
        "mlp-64-64-tanh, fc3.weight, 1, 64",
        "lenet-5, conv1.weight, 2, 75",
        "lenet-5, conv2.weight, 2, 150",
        "conv-4, fc1.weight, 2, 8192",
        "resnet-20, conv1.weight, 2, 27",
        "resnet-20, conv3.weight, 2, 144",
        "resnet-20, conv9.weight, 2, 288",
        "resnet-20, fc1.weight, 1, 64",
    })
    void spreadByFanInAndByWhatFollows(String network, String name, double gain, int fanIn) {
        Tensor tensor = tensor(InitialWeights.of(create(network), new Streams(11)), name);

        double sum = 0;
        double squares = 0;
        for (float w : tensor.values()) {
            sum += w;
            squares += (double) w * w;
        }
        int n = tensor.size();
        double expected = Math.sqrt(gain / fanIn);
        assertThat(sum / n).isCloseTo(0, within(4 * expected / Math.sqrt(n)));
        assertThat(Math.sqrt(squares / n))
                .isCloseTo(expected, within(4 * expected / Math.sqrt(2.0 * n)));
    }

    /** The second tensor with weights of an MLP is parameter 2: weight, bias, weight. */
    @Test
    void everyTensorHasAStreamOfItsOwn() {
        Tensor fc2 = tensor(InitialWeights.of(create("mlp-30-20"), new Streams(3)), "fc2.weight");
        RandomStream random = new Streams(3).of(Streams.Purpose.INITIAL_WEIGHTS, 2);

        for (float w : fc2.values()) {
            assertThat(w).isEqualTo((float) (Math.sqrt(2.0 / 30) * random.nextGaussian()));
        }
    }

    @Test
    void biasesAreZeroAndNormalisationIsNeutral() {
        for (Tensor tensor : InitialWeights.of(create("resnet-20"), new Streams(5))) {
            String role = tensor.name().substring(tensor.name().indexOf('.') + 1);
            switch (role) {
                case "weight" -> assertThat(tensor.values()).doesNotContain(0);
                case "scale", "running-variance" -> assertThat(tensor.values()).containsOnly(1);
                default -> assertThat(tensor.values()).containsOnly(0);
            }
        }
    }

    @Test
    void dependOnTheSeedAlone() {
        float[] first =
                tensor(InitialWeights.of(create("conv-4"), new Streams(1)), "conv2.weight")
                        .values();
        float[] again =
                tensor(InitialWeights.of(create("conv-4"), new Streams(1)), "conv2.weight")
                        .values();
        float[] other =
                tensor(InitialWeights.of(create("conv-4"), new Streams(2)), "conv2.weight")
                        .values();

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    private static Architecture create(String name) {
        return Architectures.create(name, PICTURE, 10, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static Tensor tensor(List<Tensor> tensors, String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }
}
