// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;

/**
 * Results that cannot be read, or a folder that cannot be used. The message is one sentence for the
 * user and names the file or folder.
 */
public final class ResultsException extends IOException {
    private static final long serialVersionUID = 1L;

    ResultsException(String message) {
        super(message);
    }

    ResultsException(String message, Throwable cause) {
        super(message, cause);
    }
}
