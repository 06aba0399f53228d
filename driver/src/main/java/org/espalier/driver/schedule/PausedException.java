// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

/** A sweep stops since its failures are not its cells'; those of that cause have no row. */
public final class PausedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param message why
     */
    public PausedException(String message) {
        super(message);
    }
}
