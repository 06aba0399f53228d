// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.train.CellData;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.results.text.Text;

/** Carries out {@link Data}: a data set with its noise, split. */
final class DataRunner {
    private DataRunner() {}

    /**
     * The samples.
     *
     * @throws BadDataException if the data set is another one than was planned
     * @throws BadSettingsException if noise or split do not fit it
     */
    static CellData run(Data operation, Dataset dataset) throws BadDataException {
        String fingerprint = dataset.info().fingerprint();
        if (!fingerprint.equals(operation.fingerprint())) {
            throw new BadDataException(
                    BadDataException.Reason.CHANGED,
                    Text.of(
                            "data set %s has changed since it was planned: expected %s, got %s",
                            operation.dataset(), operation.fingerprint(), fingerprint));
        }
        try {
            return CellData.of(dataset, operation);
        } catch (IllegalArgumentException e) {
            throw new BadSettingsException(
                    Text.of("on data set %s: %s", operation.dataset(), e.getMessage()), e);
        }
    }
}
