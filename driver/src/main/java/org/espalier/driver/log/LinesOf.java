// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Hands over the lines that are written to it as one reads them on a screen: of what is overwritten
 * in place only the last, and no control sequences.
 */
final class LinesOf extends OutputStream {
    private static final Pattern OVERWRITTEN = Pattern.compile(".*\r(?!$)", Pattern.DOTALL);
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]|\r");

    private final Charset charset;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LinesOf(Charset charset, Consumer<String> lines) {
        this.charset = charset;
        this.lines = lines;
    }

    @Override
    public synchronized void write(int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        String read = OVERWRITTEN.matcher(line.toString(charset)).replaceFirst("");
        line.reset();
        lines.accept(CONTROL.matcher(read).replaceAll(""));
    }
}
