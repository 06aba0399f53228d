// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import java.util.List;

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
}
