// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

import java.util.Locale;

/** What can be asked of results. */
public enum Question {
    /** Good et al. 2022, arXiv:2206.02976. */
    RECALL("Does pruning widen the gap between well and badly recognised classes?"),
    /** Bartoldson et al. 2020, arXiv:1906.03728. */
    STABILITY("Do networks that pruning disturbs more generalise better?"),
    /** Ballini et al. 2026, arXiv:2602.20467. */
    COMPENSATION("What does the test loss cost as more is pruned, and who keeps it lowest?"),
    /** Frankle and Carbin 2019, arXiv:1803.03635. */
    TICKETS("Down to which density does a sparse network train as well as the dense one?"),
    /** Methods against each other. */
    METHODS("Which method keeps most accuracy, over data sets, ratios and seeds?");

    private final String text;

    Question(String text) {
        this.text = text;
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
