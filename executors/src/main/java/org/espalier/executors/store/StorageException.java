// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

/**
 * The store of stages cannot be read or written, again and again, or rows cannot be written. No
 * fault of what was running: a sweep stops, and what was under way is done by a later run.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
