// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMatchTest {

    @ParameterizedTest
    @CsvSource({
        "magnitud, magnitude", // one inserted
        "magnitudee, magnitude", // one removed
        "magnitute, magnitude", // one replaced
        "mangitude, magnitude", // two neighbours swapped
        "mgantitude, magnitude", // swapped and inserted
        "randm, random",
        "magnitude, magnitude",
    })
    void findsWhatIsAtMostTwoEditsAway(String written, String meant) {
        assertThat(NearMatch.of(written, List.of("random", "magnitude"))).hasValue(meant);
    }

    @ParameterizedTest
    @CsvSource({"magni", "mgnttud", "xx", "''", "gradient"})
    void findsNothingFartherAway(String written) {
        assertThat(NearMatch.of(written, List.of("random", "magnitude"))).isEmpty();
    }

    /** Capitals and what is written between words make no difference. */
    @ParameterizedTest
    @CsvSource({
        "MNIST, mnist",
        "FashionMNIST, fashion-mnist",
        "weight_decay, weight-decay",
        "LeNet-5, lenet-5",
        "LeNet5, lenet-5",
        "SGD, sgd",
        "weight decay, weight-decay",
    })
    void looksPastCapitalsAndHyphens(String written, String meant) {
        assertThat(
                        NearMatch.of(
                                written,
                                List.of(
                                        "mnist",
                                        "fashion-mnist",
                                        "weight-decay",
                                        "lenet-5",
                                        "sgd")))
                .hasValue(meant);
    }

    /** What PyTorch's users type; only what is known is meant. */
    @ParameterizedTest
    @CsvSource({
        "lr, learning-rate",
        "wd, weight-decay",
        "sparsity, pruning-ratio",
        "amount, pruning-ratio",
        "l1, magnitude",
        "l1_unstructured, magnitude",
        "resnet18, resnet-20",
        "ResNet18, resnet-20",
        "model, architecture",
        "l2, weight-decay",
    })
    void knowsTheNamesOfOtherPrograms(String written, String meant) {
        List<String> known =
                List.of(
                        "architecture",
                        "learning-rate",
                        "weight-decay",
                        "pruning-ratio",
                        "magnitude",
                        "resnet-20");

        assertThat(NearMatch.of(written, known)).hasValue(meant);
        assertThat(NearMatch.of(written, List.of("something-else"))).isEmpty();
    }

    @Test
    void takesNoShortNameForAnother() {
        assertThat(NearMatch.of("ab", List.of("cd", "c"))).isEmpty();
    }

    @Test
    void takesTheNearestAndOfEquallyNearTheFirst() {
        assertThat(NearMatch.of("lenet-6", List.of("lenets-5", "lenet-5", "lenet-7")))
                .hasValue("lenet-5");
    }

    @Test
    void tellsOfAnUnknownName() {
        assertThat(NearMatch.unknown("randon", List.of("random", "gradient")))
                .isEqualTo("unknown \"randon\"; did you mean \"random\"? known: random, gradient");
        assertThat(NearMatch.unknown("x", List.of("random")))
                .isEqualTo("unknown \"x\"; known: random");
        assertThat(NearMatch.unknown("x", List.of())).isEqualTo("unknown \"x\"");
    }

    @Test
    void listsNoMoreNamesThanOneReads() {
        List<String> many = IntStream.range(0, 50).mapToObj(i -> "name" + i).toList();

        assertThat(NearMatch.unknown("other", many)).endsWith(", name38, name39 and 10 more");
    }
}
