// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.network;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/**
 * The networks that a sweep file can name. A name fixes everything but the input and the number of
 * outputs, which the data set gives. The last layer is always dense and linear.
 */
public final class Architectures {
    private static final int WIDEST = 65_536;
    private static final int DEEPEST = 32;
    private static final String TANH = "-tanh";
    private static final Pattern WIDTHS = Pattern.compile("(-[1-9][0-9]{0,4})+");

    /** A network, or a family of networks, of the catalogue. */
    public record Entry(String name, String summary) {}

    private static final List<Entry> LISTED =
            List.of(
                    new Entry(
                            "mlp-<widths>",
                            "dense layers of these hidden widths with ReLU: mlp-128-64, mlp-300-100"),
                    new Entry("mlp-<widths>-tanh", "the same with tanh: mlp-32-32-tanh"),
                    new Entry("lenet-300-100", "the network mlp-300-100 (LeCun et al. 1998)"),
                    new Entry(
                            "lenet-5",
                            "two 5x5 convolutions of 6 and 16 channels, dense 120 and 84, ReLU and"
                                    + " max pooling"),
                    new Entry(
                            "lenet-3x3",
                            "the same with 3x3 convolutions without padding (Good et al. 2022)"),
                    new Entry(
                            "conv-4",
                            "3x3 convolutions 64, 64, 128, 128, dense 256, 256 (Frankle and Carbin"
                                    + " 2019)"),
                    new Entry(
                            "resnet-20",
                            "residual network of 19 convolutions with batch normalisation (He et"
                                    + " al. 2015)"));

    private interface Plan {
        List<Architecture.Node> nodes(Shape input, int outputs);
    }

    private static final Map<String, Plan> NAMED =
            new TreeMap<>(
                    Map.of(
                            "lenet-300-100", (in, outputs) -> perceptron("-300-100", outputs),
                            "lenet-5", onImages((in, outputs) -> lenet(5, 2, outputs)),
                            "lenet-3x3", onImages((in, outputs) -> lenet(3, 0, outputs)),
                            "conv-4", onImages((in, outputs) -> conv4(outputs)),
                            "resnet-20", onImages((in, outputs) -> resnet(in, 3, outputs))));

    private Architectures() {}

    /** All that can be named, in the order in which a list shows them. */
    public static List<Entry> list() {
        return LISTED;
    }

    /**
     * What is wrong with a name: one sentence with the nearest name or the form expected; empty if
     * {@link #create} knows it.
     */
    public static Optional<String> problem(String name) {
        if (NAMED.containsKey(name) || isPerceptron(name)) {
            return Optional.empty();
        }
        if (name.equals("mlp") || name.startsWith("mlp-")) {
            return Optional.of(
                    Text.of(
                                    "\"%s\" is no mlp-<widths>: expected 1 to %d widths from 1 to %d, then nothing",
                                    name, DEEPEST, WIDEST)
                            + " or -tanh, e.g. mlp-300-100 or mlp-32-32-tanh");
        }
        String known = String.join(", ", LISTED.stream().map(Entry::name).toList());
        String hint = nearest(name).map(it -> Text.of(" did you mean \"%s\"?", it)).orElse("");
        return Optional.of(Text.of("unknown \"%s\";%s known: %s", name, hint, known));
    }

    private static Optional<String> nearest(String typed) {
        String name = typed.toLowerCase(Locale.ROOT);
        String perceptron = name.replaceFirst("^[a-z]{2,4}(?=-)", "mlp");
        Stream<String> family = Stream.of(perceptron).filter(Architectures::isPerceptron);
        return NearMatch.of(name, Stream.concat(NAMED.keySet().stream(), family).toList());
    }

    /**
     * The network of a name.
     *
     * @param input shape of a sample
     * @param outputs classes, or values of a target; at least 1
     * @throws IllegalArgumentException if {@link #problem} has something to say, or the network
     *     does not fit the input
     */
    public static Architecture create(
            String name, Shape input, int outputs, Architecture.Loss loss) {
        problem(name)
                .ifPresent(
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
        try {
            List<Architecture.Node> nodes =
                    NAMED.containsKey(name)
                            ? NAMED.get(name).nodes(input, outputs)
                            : perceptron(name.substring("mlp".length()), outputs);
            return new Architecture(name, input, nodes, loss);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Text.of(
                            "%s does not fit inputs of %s and %d outputs: %s",
                            name, input, outputs, e.getMessage()),
                    e);
        }
    }

    private static boolean isPerceptron(String name) {
        if (!name.startsWith("mlp-")) {
            return false;
        }
        String widths = withoutTanh(name.substring("mlp".length()));
        return WIDTHS.matcher(widths).matches()
                && widths(widths).length <= DEEPEST
                && Arrays.stream(widths(widths)).allMatch(width -> width <= WIDEST);
    }

    private static String withoutTanh(String suffix) {
        return suffix.endsWith(TANH)
                ? suffix.substring(0, suffix.length() - TANH.length())
                : suffix;
    }

    private static int[] widths(String suffix) {
        return Arrays.stream(suffix.substring(1).split("-")).mapToInt(Integer::parseInt).toArray();
    }

    private static List<Architecture.Node> perceptron(String suffix, int outputs) {
        Chain chain = new Chain();
        for (int width : widths(withoutTanh(suffix))) {
            chain.dense(width);
            if (suffix.endsWith(TANH)) {
                chain.tanh();
            } else {
                chain.relu();
            }
        }
        return chain.dense(outputs).nodes();
    }

    /** LeNet-5 with ReLU and maxima in place of its saturating functions and trained pooling. */
    private static List<Architecture.Node> lenet(int kernel, int padding, int outputs) {
        Chain chain = new Chain();
        chain.convolution(6, kernel, padding).relu().maxPool();
        chain.convolution(16, kernel, 0).relu().maxPool();
        return chain.dense(120).relu().dense(84).relu().dense(outputs).nodes();
    }

    private static List<Architecture.Node> conv4(int outputs) {
        Chain chain = new Chain();
        for (int width : new int[] {64, 128}) {
            chain.convolution(width, 3, 1).relu().convolution(width, 3, 1).relu().maxPool();
        }
        return chain.dense(256).relu().dense(256).relu().dense(outputs).nodes();
    }

    /** 6 blocks + 2 layers: three stages of 16, 32 and 64 channels, option A shortcuts. */
    private static List<Architecture.Node> resnet(Shape input, int blocks, int outputs) {
        if (input.height() != input.width()) {
            throw new IllegalArgumentException("it needs a square image");
        }
        Chain chain = new Chain().normalisedConvolution(16, 1).relu();
        int extent = input.height();
        for (int stage = 0; stage < 3; stage++) {
            int width = 16 << stage;
            for (int block = 0; block < blocks; block++) {
                boolean halves = stage > 0 && block == 0;
                String entry = chain.last();
                chain.normalisedConvolution(width, halves ? 2 : 1).relu();
                String body = chain.normalisedConvolution(width, 1).last();
                String around = halves ? chain.shortcut(entry, width, 2).last() : entry;
                chain.sum(body, around).relu();
                extent = halves ? (extent + 1) / 2 : extent;
            }
        }
        return chain.meanOver(extent).dense(outputs).nodes();
    }

    private static Plan onImages(Plan plan) {
        return (input, outputs) -> {
            if (input.height() == 1 || input.width() == 1) {
                throw new IllegalArgumentException("it needs an image with rows and columns");
            }
            return plan.nodes(input, outputs);
        };
    }
}
