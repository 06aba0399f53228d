// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

/**
 * A data set that cannot be used. The message is for the user and complete: which file, what was
 * expected, what came; no stack trace is needed beside it.
 */
public final class BadDataException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong, for counting and for choosing what to do. */
    public enum Reason {
        /** No data set of that name. */
        UNKNOWN_NAME,
        /** A folder or a file that is needed is not there. */
        NOT_FOUND,
        /** More than one file could be meant. */
        AMBIGUOUS,
        /** The file system gave an error. */
        UNREADABLE,
        /** Not an IDX file at all. */
        FOREIGN,
        /** Images where labels were expected, or training where test was, or the other way. */
        SWAPPED,
        /** An IDX header that cannot be right. */
        BAD_HEADER,
        /** Ends before its header says. */
        TRUNCATED,
        /** Goes on after its header says. */
        TRAILING_BYTES,
        /** Gzip that does not unpack. */
        CORRUPT_GZIP,
        /** Does not fit into this JVM. */
        TOO_LARGE,
        /** Files that do not belong together. */
        MISMATCH,
        /** Not the published file of that name. */
        CHECKSUM,
        /** Other bytes than a moment ago. */
        CHANGED,
        /** No mirror gave the file. */
        DOWNLOAD
    }

    private final Reason reason;

    /** An error of the data alone. */
    public BadDataException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** An error that another one caused. */
    public BadDataException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
