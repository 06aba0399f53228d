// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.espalier.executors.store.StageStore;

/**
 * What every task of a run is told: where things are and who asks.
 *
 * @param sweep name of the sweep
 * @param dataFolder URI of the folder of data files, or null where only generated data sets are
 *     used
 * @param store URI of the stage store
 * @param hadoop settings for Hadoop file systems, beyond the defaults of the executor
 * @param sparkVersion for provenance, like those below
 */
public record RunContext(
        String sweep,
        String dataFolder,
        String store,
        Map<String, String> hadoop,
        String sparkVersion,
        String master,
        String applicationId)
        implements Serializable {
    public RunContext {
        hadoop = Map.copyOf(hadoop);
    }

    /** The store of the run's stages. */
    public StageStore stages() {
        return new StageStore(store, configuration());
    }

    /** Configuration for Hadoop file systems. */
    public Configuration configuration() {
        Configuration configuration = new Configuration();
        hadoop.forEach(configuration::set);
        return configuration;
    }
}
