// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.List;
import java.util.Locale;

/** What can be asked of results. */
public enum Question {
    /** Good et al. 2022, arXiv:2206.02976. */
    RECALL(
            "Does pruning widen the gap between well and badly recognised classes?",
            "recall",
            "recall_methods"),
    /** Bartoldson et al. 2020, arXiv:1906.03728. */
    STABILITY(
            "Do networks that pruning disturbs more generalise better?",
            "stability",
            "stability_correlations"),
    /** Ballini et al. 2026, arXiv:2602.20467. */
    COMPENSATION(
            "What does the test loss cost as more is pruned, and who keeps it lowest?",
            "compensation",
            "compensation_ranks",
            "prune_potential"),
    /** Frankle and Carbin 2019, arXiv:1803.03635. */
    TICKETS(
            "Down to which density does a sparse network train as well as the dense one?",
            "tickets",
            "ticket_controls",
            "ticket_transfer"),
    /** Methods against each other. */
    METHODS(
            "Which method keeps most accuracy, over data sets, ratios and seeds?",
            "methods",
            "methods_improvement",
            "methods_ranks");

    private final String text;
    private final List<String> main;

    Question(String text, String... main) {
        this.text = text;
        this.main = List.of(main);
    }

    /** The tables that are shown where not all are asked for. */
    public List<String> main() {
        return main;
    }

    /** In plain words. */
    public String text() {
        return text;
    }

    /** As the command names it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
