// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.espalier.executors.engine.Engines;
import org.espalier.results.text.Text;

/**
 * The machine that ran something, as a row tells of it. A JVM that died took along what only it
 * could tell.
 *
 * @param name null where it is not known, and all else with it
 * @param jvm null where it is not known, and all that follows with it
 */
public record Host(String name, String jvm, String os, String backend) implements Serializable {
    /**
     * Of a JVM that is gone.
     *
     * @param name null where not even that is known
     */
    public static Host gone(String name) {
        return new Host(name, null, null, null);
    }

    /**
     * This machine.
     *
     * @param engine whose backend is told
     */
    static Host here(String engine) {
        return new Host(
                localName(),
                Text.of("%s %s", System.getProperty("java.vm.name"), Runtime.version()),
                Text.of(
                        "%s %s %s",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                backend(engine));
    }

    private static String localName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Said of a failed cell too, which may have failed because there is none. */
    private static String backend(String engine) {
        try {
            return Engines.named(engine).backend();
        } catch (RuntimeException | LinkageError e) {
            return "not available: " + e;
        }
    }
}
