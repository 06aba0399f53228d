// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

/** Settings that are right in themselves but cannot be carried out on this network. */
public final class BadSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadSettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
