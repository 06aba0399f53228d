// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which build of this project is running, as the build wrote it down.
 *
 * @param commit full git commit; null for a build outside git
 * @param dirty whether tracked files differed from the commit; null for a build outside git
 */
public record BuildInfo(String version, String commit, Boolean dirty) {
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
        String commit = properties.getProperty("git.commit.id.full");
        String dirty = properties.getProperty("git.dirty");
        return new BuildInfo(
                properties.getProperty("git.build.version", "unknown"),
                commit,
                dirty == null ? null : Boolean.valueOf(dirty));
    }
}
