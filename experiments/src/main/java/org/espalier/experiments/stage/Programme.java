// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.espalier.experiments.stage.operation.Choice;
import org.espalier.experiments.stage.operation.Perturb;
import org.espalier.experiments.stage.operation.Prune;

/**
 * What a cell comes to: the stage it ends with, the moments on the way that its row tells of, and
 * what is measured there.
 *
 * @param trunk where the dense training ended; cells with equal trunks share it
 * @param dense the network that pruning starts from, or that a control starts from
 * @param pruned the network straight after its last pruning; {@code dense} for a control
 * @param leaf the network at the end
 * @param measures stages that measure one of these networks
 */
public record Programme(Stage trunk, Stage dense, Stage pruned, Stage leaf, List<Stage> measures)
        implements Serializable {
    public Programme {
        measures = List.copyOf(measures);
    }

    /** Every choice of weights on the way to the leaf, those of networks it borrows from too. */
    public List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Deque<Stage> open = new ArrayDeque<>(List.of(leaf));
        while (!open.isEmpty()) {
            Stage stage = open.pop();
            if (!seen.add(stage.name())) {
                continue;
            }
            if (stage.operation() instanceof Prune prune) {
                choices.add(prune.choice());
            } else if (stage.operation() instanceof Perturb perturb) {
                choices.add(perturb.choice());
            }
            stage.inputs().forEach(open::push);
        }
        return choices;
    }
}
