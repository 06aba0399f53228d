// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.schedule;

/** A task has no outcome, since the JVM that ran it is gone. */
public final class LostExecutorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String host;

    /**
     * A loss.
     *
     * @param host where the task ran last; null where nothing is known of it
     * @param cause as Spark tells it, whose message becomes the row's
     */
    public LostExecutorException(String host, Throwable cause) {
        super(cause.getMessage(), cause);
        this.host = host;
    }

    /** Where the task ran last, or null. */
    public String host() {
        return host;
    }
}
