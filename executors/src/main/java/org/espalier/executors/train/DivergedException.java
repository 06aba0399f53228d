// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.train;

/** A training whose numbers are no longer finite; it will diverge again wherever it is run. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
