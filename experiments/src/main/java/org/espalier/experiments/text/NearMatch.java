// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.text;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.results.text.Text;

/** The known name that a mistyped one was probably meant to be. */
public final class NearMatch {
    private static final int FARTHEST = 2;
    private static final int MOST_COMPARED = 1000;
    private static final int MOST_LISTED = 40;

    /** What PyTorch, Keras and papers call our names, bare; the first that is known is meant. */
    private static final Map<String, List<String>> ELSEWHERE =
            Map.ofEntries(
                    Map.entry("lr", List.of("learning-rate")),
                    Map.entry("milestones", List.of("learning-rate-steps")),
                    Map.entry("gamma", List.of("learning-rate-factor")),
                    Map.entry("wd", List.of("weight-decay")),
                    Map.entry("l2", List.of("weight-decay", "magnitude")),
                    Map.entry("bs", List.of("batch-size")),
                    Map.entry("batch", List.of("batch-size")),
                    Map.entry("optim", List.of("optimizer")),
                    Map.entry("opt", List.of("optimizer")),
                    Map.entry("beta", List.of("beta1")),
                    Map.entry("betas", List.of("beta1")),
                    Map.entry("eps", List.of("epsilon")),
                    Map.entry("adamw", List.of("adam")),
                    Map.entry("maxepochs", List.of("epochs")),
                    Map.entry("numepochs", List.of("epochs")),
                    Map.entry("nepochs", List.of("epochs")),
                    Map.entry("retrain", List.of("fine-tune")),
                    Map.entry("finetuning", List.of("fine-tune")),
                    Map.entry("train", List.of("dense")),
                    Map.entry("pretrain", List.of("dense")),
                    Map.entry("training", List.of("dense", "recipe")),
                    Map.entry("sparsity", List.of("pruning-ratio")),
                    Map.entry("sparsities", List.of("pruning-ratio")),
                    Map.entry("amount", List.of("pruning-ratio")),
                    Map.entry("ratio", List.of("pruning-ratio")),
                    Map.entry("prune", List.of("pruning-ratio")),
                    Map.entry("pruningamount", List.of("pruning-ratio")),
                    Map.entry("keepratio", List.of("density")),
                    Map.entry("model", List.of("architecture")),
                    Map.entry("models", List.of("architecture")),
                    Map.entry("network", List.of("architecture")),
                    Map.entry("arch", List.of("architecture")),
                    Map.entry("data", List.of("dataset")),
                    Map.entry("labelnoise", List.of("noise")),
                    Map.entry("strategy", List.of("method")),
                    Map.entry("criterion", List.of("method")),
                    Map.entry("pruner", List.of("method")),
                    Map.entry("valsplit", List.of("validation")),
                    Map.entry("valsize", List.of("validation")),
                    Map.entry("layerwise", List.of("layer-wise")),
                    Map.entry("local", List.of("layer-wise")),
                    Map.entry("l1", List.of("magnitude")),
                    Map.entry("l1unstructured", List.of("magnitude")),
                    Map.entry("lnunstructured", List.of("magnitude")),
                    Map.entry("globalmagnitude", List.of("magnitude")),
                    Map.entry("globalmagweight", List.of("magnitude")),
                    Map.entry("layermagweight", List.of("magnitude")),
                    Map.entry("globalmaggrad", List.of("gradient")),
                    Map.entry("randomunstructured", List.of("random")),
                    Map.entry("snip", List.of("gradient")),
                    Map.entry("taylor", List.of("gradient")),
                    Map.entry("up", List.of("undecayed")),
                    Map.entry("lotteryticket", List.of("lottery")),
                    Map.entry("imp", List.of("lottery", "iterative")),
                    Map.entry("oneshotpruning", List.of("one-shot")),
                    Map.entry("agp", List.of("gradual")),
                    Map.entry("lenet", List.of("lenet-300-100", "lenet-5")),
                    Map.entry("lenet300", List.of("lenet-300-100")),
                    Map.entry("resnet18", List.of("resnet-20")),
                    Map.entry("resnet32", List.of("resnet-20")),
                    Map.entry("resnet56", List.of("resnet-20")),
                    Map.entry("conv2", List.of("conv-4")),
                    Map.entry("conv6", List.of("conv-4")));

    private NearMatch() {}

    /**
     * The known name that was probably meant: the same but for capitals and for {@code - _ .} and
     * spaces ({@code FashionMNIST}, {@code weight_decay}), or what other programs call it ({@code
     * lr}, {@code sparsity}, {@code l1}), or else the nearest by edits, the earlier of two equally
     * near: at most two edits away (one character inserted, removed or replaced, or two neighbours
     * swapped), and fewer edits than the shorter of the two has characters, so that two names of
     * two letters are not taken for one another. Of very many known names only the first thousand
     * are looked at.
     */
    public static Optional<String> of(String name, Collection<String> known) {
        List<String> compared = known.stream().limit(MOST_COMPARED).toList();
        String bare = bare(name);
        return Stream.concat(
                        compared.stream().filter(candidate -> bare(candidate).equals(bare)),
                        ELSEWHERE.getOrDefault(bare, List.of()).stream().filter(compared::contains))
                .findFirst()
                .or(() -> byEdits(name.toLowerCase(Locale.ROOT), compared));
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    private static Optional<String> byEdits(String name, List<String> known) {
        String nearest = null;
        int fewest = FARTHEST + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - name.length()) >= fewest) {
                continue;
            }
            int edits = edits(name, candidate);
            if (edits < fewest && edits < Math.min(name.length(), candidate.length())) {
                nearest = candidate;
                fewest = edits;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /**
     * What to tell of a name that is not known: {@code unknown "magnitud"; did you mean
     * "magnitude"? known: random, magnitude}.
     */
    public static String unknown(String name, Collection<String> known) {
        return "unknown " + Quoted.of(name) + hint(name, known);
    }

    /**
     * The end of such a message alone, to follow a sentence: the near match, then what is known.
     */
    public static String hint(String name, Collection<String> known) {
        String meant = of(name, known).map(m -> "; did you mean \"" + m + "\"?").orElse("");
        if (known.isEmpty()) {
            return meant;
        }
        String listed = String.join(", ", known.stream().limit(MOST_LISTED).toList());
        String more =
                known.size() > MOST_LISTED
                        ? Text.of(" and %d more", known.size() - MOST_LISTED)
                        : "";
        return (meant.isEmpty() ? "; known: " : meant + " known: ") + listed + more;
    }

    /** Optimal string alignment distance: Levenshtein's, and a swap of neighbours is one edit. */
    private static int edits(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                edits[i][j] =
                        Math.min(
                                edits[i - 1][j - 1] + replaced,
                                1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
