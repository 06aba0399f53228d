// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.cli;

import java.nio.charset.Charset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.results.text.Text;

/** The words of a command line as the shell and the JVM hand them over. */
final class Arguments {
    private static final Pattern HOME_IN_OPTION = Pattern.compile("(--[a-z-]+=)~(/.*)?");
    private static final char UNREADABLE = '\uFFFD';

    private Arguments() {}

    /**
     * {@code --out=~/x} with the home folder for the tilde, which shells expand at the beginning of
     * a word alone.
     */
    static String[] expanded(String home, String... arguments) {
        return Stream.of(arguments)
                .map(
                        argument -> {
                            Matcher option = HOME_IN_OPTION.matcher(argument);
                            return option.matches()
                                    ? option.group(1)
                                            + home
                                            + (option.group(2) == null ? "" : option.group(2))
                                    : argument;
                        })
                .toArray(String[]::new);
    }

    /**
     * What to say of a word that this JVM cannot take for the name of a file, since its locale has
     * no such characters; empty where it can take them all.
     *
     * @param encoding of file names in this JVM
     */
    static Optional<String> beyond(String encoding, String... arguments) {
        Charset charset = Charset.forName(encoding);
        return Stream.of(arguments)
                .filter(
                        argument ->
                                argument.indexOf(UNREADABLE) >= 0
                                        || charset.canEncode()
                                                && !charset.newEncoder().canEncode(argument))
                .findFirst()
                .map(
                        argument ->
                                Text.of(
                                        "%s: in this locale file names are %s; set LC_ALL=C.UTF-8, or another locale with UTF-8",
                                        argument.replaceAll("[^ -~]", "?"), charset.name()));
    }
}
