// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.store.StorageException;

/**
 * Tries, before the first cell runs on a machine, what every cell will need there: a folder for
 * native libraries, the engines loaded, a snapshot in the store. Knows nothing of the driver, so it
 * can travel to any machine.
 *
 * @param engines that the cells run on, by name
 */
public record Probe(RunContext context, Set<String> engines) implements Serializable {
    public Probe {
        engines = Set.copyOf(engines);
    }

    /**
     * Tries all on this machine.
     *
     * @return what the user should know, a sentence each
     * @throws BadMachineException if cells cannot run here
     * @throws StorageException if the store cannot be used
     */
    public List<String> run() {
        List<String> remarks = new ArrayList<>();
        NativeFolder.choose(context.store()).ifPresent(remarks::add);
        engines.stream().sorted().forEach(Probe::load);
        context.stages().probe();
        return remarks;
    }

    private static void load(String engine) {
        try {
            Engines.named(engine).backend();
        } catch (LinkageError e) {
            throw new BadMachineException(Engines.unloadable(engine, e), e);
        }
    }
}
