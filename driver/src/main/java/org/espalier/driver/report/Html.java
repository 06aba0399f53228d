// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** HTML in the making; what is not markup is escaped. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Markup as it is: literals of this program alone. */
    Html raw(String markup) {
        text.append(markup).append('\n');
        return this;
    }

    /** An element with text. */
    Html element(String name, String content) {
        return element(name, "", content);
    }

    /** An element with attributes, literals of this program, and text. */
    Html element(String name, String attributes, String content) {
        text.append('<').append(name);
        if (!attributes.isEmpty()) {
            text.append(' ').append(attributes);
        }
        text.append('>').append(escaped(content)).append("</").append(name).append(">\n");
        return this;
    }

    /** Text in which nothing is markup, in elements and in quoted attributes. */
    static String escaped(String content) {
        StringBuilder escaped = new StringBuilder(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default ->
                        // what HTML has no place for
                        escaped.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return escaped.toString();
    }

    /** JSON that no HTML parser takes for markup. */
    static String inScript(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    /** A script as a content-security policy names it. */
    static String hash(String script) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
