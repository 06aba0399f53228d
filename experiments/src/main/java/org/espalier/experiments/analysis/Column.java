// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.analysis;

/**
 * A column of a table.
 *
 * @param name lower case with underscores, as in files
 * @param meaning one sentence without a full stop
 * @param kind of its values
 * @param place where it is shown
 */
public record Column(String name, String meaning, Kind kind, Place place) {

    /** Where a column is shown. */
    public enum Place {
        /** On the screen, in reports and in files. */
        EVERYWHERE,
        /** In files alone. */
        FILES
    }

    Column(String name, String meaning, Kind kind) {
        this(name, meaning, kind, Place.EVERYWHERE);
    }

    /** This column, in files alone. */
    Column inFiles() {
        return new Column(name, meaning, kind, Place.FILES);
    }

    /** What values are; any may be missing. */
    public enum Kind {
        /** A word or a name. */
        TEXT,
        /** A count or a seed. */
        COUNT,
        /** Any number. */
        NUMBER,
        /** A number that is never below 0, as a loss. */
        AMOUNT,
        /** A number in [0, 1] that is shown as a percentage to people. */
        SHARE,
        /** A p-value. */
        PROBABILITY
    }

    static Column text(String name, String meaning) {
        return new Column(name, meaning, Kind.TEXT);
    }

    static Column count(String name, String meaning) {
        return new Column(name, meaning, Kind.COUNT);
    }

    static Column number(String name, String meaning) {
        return new Column(name, meaning, Kind.NUMBER);
    }

    static Column share(String name, String meaning) {
        return new Column(name, meaning, Kind.SHARE);
    }

    static Column probability(String name, String meaning) {
        return new Column(name, meaning, Kind.PROBABILITY);
    }
}
