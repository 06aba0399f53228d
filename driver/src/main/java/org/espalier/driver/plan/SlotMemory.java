// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.plan;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory a slot of this JVM has, where the slots are threads of it. */
public final class SlotMemory {
    private static final Pattern LOCAL = Pattern.compile("local(\\[(\\d+|\\*).*)?");

    private SlotMemory() {}

    /** Bytes for each of that many slots in this JVM. */
    public static OptionalLong here(int slots) {
        return OptionalLong.of(Runtime.getRuntime().maxMemory() / Math.max(1, slots));
    }

    /** As {@link #here}, by a Spark master; empty where its slots are elsewhere. */
    public static OptionalLong of(String master) {
        Matcher local = LOCAL.matcher(master);
        if (!local.matches()) {
            return OptionalLong.empty();
        }
        String slots = local.group(2);
        if (slots == null) {
            return here(1);
        }
        return here(
                slots.equals("*")
                        ? Runtime.getRuntime().availableProcessors()
                        : Integer.parseInt(slots));
    }
}
