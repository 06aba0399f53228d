// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.espalier.executors.engine.Engines;
import org.espalier.results.text.Text;

/**
 * The machine that ran something, as a row tells of it.
 *
 * @param name null where it is not known, and all else with it
 */
public record Host(String name, String jvm, String os, String backend) implements Serializable {
    /** Where a JVM took that along. */
    public static final Host UNKNOWN = new Host(null, null, null, null);

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
