// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver;

/** A user's mistake: told in one message without a stack trace, exit code 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }

    /** With what was thrown by somebody else; shown on request only. */
    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
