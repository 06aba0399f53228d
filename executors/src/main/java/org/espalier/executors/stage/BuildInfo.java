// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build of this project is running, as the build wrote it down.
 *
 * @param libraries names and versions of what computes and writes
 * @param commit full git commit; null for a build outside git
 * @param dirty whether tracked files differed from the commit; null for a build outside git
 */
public record BuildInfo(String version, String libraries, String commit, Boolean dirty) {
    private static final BuildInfo CURRENT = read();

    /** The build that this JVM runs. */
    public static BuildInfo current() {
        return CURRENT;
    }

    private static BuildInfo read() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("/espalier-build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = properties.getProperty("commit", "$");
        String dirty = properties.getProperty("dirty", "$");
        return new BuildInfo(
                properties.getProperty("version", "unknown"),
                properties.getProperty("libraries", "unknown"),
                known(commit) ? commit : null,
                known(dirty) ? Boolean.valueOf(dirty) : null);
    }

    /** A build outside git leaves the place holder. */
    private static boolean known(String value) {
        return !value.startsWith("$");
    }
}
