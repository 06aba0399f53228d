// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.security.UserGroupInformation;
import org.espalier.results.text.Text;

/**
 * A name for a user who has none, as in a container that runs under any number: Hadoop's file
 * systems log a user in by name and fail without one.
 */
public final class UserName {
    private static final String NAME = "user.name";

    /** What Java says of a user whom the system does not know. */
    private static final String UNKNOWN = "?";

    private static final String HADOOP = "HADOOP_USER_NAME";

    private UserName() {}

    /**
     * Gives this JVM's user a name where the system knows none: that of the environment variable
     * {@code HADOOP_USER_NAME}, or {@code uid-12345}. Must come before the first use of a file
     * system; does nothing where there is a name, or where Hadoop asks for Kerberos.
     */
    public static void supply() {
        if (!isUnknown(System.getProperty(NAME)) || UserGroupInformation.isSecurityEnabled()) {
            return;
        }
        String given = System.getenv(HADOOP);
        String name = isUnknown(given) ? ofNumber() : given;
        System.setProperty(NAME, name);
        UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
    }

    private static boolean isUnknown(String name) {
        return name == null || name.isBlank() || name.equals(UNKNOWN);
    }

    private static String ofNumber() {
        try {
            return Text.of("uid-%s", Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "unknown"; // no Linux; a name is all that is needed
        }
    }
}
