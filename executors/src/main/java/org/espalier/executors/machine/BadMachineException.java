// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

/**
 * This machine cannot run cells as it is set up. The message is one sentence that says where, what
 * was found and what would help.
 */
public final class BadMachineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadMachineException(String message) {
        super(message);
    }

    /** With what was thrown by somebody else; for a log. */
    public BadMachineException(String message, Throwable cause) {
        super(message, cause);
    }
}
