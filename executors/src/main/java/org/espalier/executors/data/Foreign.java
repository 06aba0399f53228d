// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** Tells what a file that is not the expected one may be, by its first bytes. */
public final class Foreign {
    private static final Map<String, String> KNOWN =
            Map.ofEntries(
                    Map.entry("89504e47", "a PNG picture"),
                    Map.entry("ffd8ff", "a JPEG picture"),
                    Map.entry("504b0304", "a zip archive"),
                    Map.entry("1f8b", "gzip"),
                    Map.entry("425a68", "bzip2"),
                    Map.entry("fd377a58", "xz"),
                    Map.entry("28b52ffd", "zstandard"),
                    Map.entry("25504446", "a PDF document"),
                    Map.entry("89484446", "HDF5"),
                    Map.entry("934e554d", "a NumPy array"),
                    Map.entry("50415231", "Parquet"),
                    Map.entry("76657273", "text, perhaps a Git LFS pointer"));

    private Foreign() {}

    /** E.g. {@code 89504e47, a PNG picture}. */
    public static String describe(byte[] first) {
        if (first.length == 0) {
            return "an empty file";
        }
        String hex = HexFormat.of().formatHex(first, 0, Math.min(4, first.length));
        if (new String(first, StandardCharsets.ISO_8859_1).strip().startsWith("<")) {
            return hex + ", an HTML or XML page";
        }
        return KNOWN.entrySet().stream()
                .filter(known -> hex.startsWith(known.getKey()))
                .map(known -> hex + ", " + known.getValue())
                .findFirst()
                .orElse(hex);
    }
}
