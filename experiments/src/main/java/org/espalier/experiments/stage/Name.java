// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** How names are made: a hash of text that every machine spells alike. */
final class Name {
    private static final int STAGE_BYTES = 16;
    private static final int CELL_BYTES = 8;

    private Name() {}

    /** First 32 hex digits of the hash of the inputs' names and the operation's text. */
    static String ofStage(List<String> inputs, String operation) {
        return hash(lines(inputs, operation), STAGE_BYTES);
    }

    /** First 16 hex digits of the hash of the last stage's name and the condition's text. */
    static String ofCell(String leaf, String condition) {
        return hash(lines(List.of(leaf), condition), CELL_BYTES);
    }

    private static String lines(List<String> first, String last) {
        StringBuilder text = new StringBuilder();
        first.forEach(line -> text.append(line).append('\n'));
        return text.append(last).toString();
    }

    private static String hash(String text, int bytes) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
