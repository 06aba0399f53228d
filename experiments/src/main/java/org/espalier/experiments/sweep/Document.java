// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.sweep;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.espalier.experiments.text.Quoted;
import org.espalier.results.text.Text;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Bytes to the nodes of one small, plain YAML 1.2 document. Nothing is constructed from the nodes
 * here: no tag is obeyed and no alias followed. What could make reading costly (size, nesting,
 * aliases) is refused on the stream of events, before nodes are made.
 */
final class Document {
    static final int MOST_BYTES = 1 << 20;
    private static final int DEEPEST = 32;

    /** A key of YAML 1.1 that copies other mappings, which the parser obeys still. */
    private static final String MERGE = "<<";

    private final Problems problems;
    private int depth;
    private int documents;

    private Document(Problems problems) {
        this.problems = problems;
    }

    /** The root node; empty where the file is empty or anything is wrong with it. */
    static Optional<Node> parse(byte[] bytes, Problems problems) {
        int before = problems.count();
        Optional<String> text = text(bytes, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        // Marks of nodes keep no copy of the text; the schema is YAML 1.2's own, not 1.1's.
        LoadSettings settings =
                LoadSettings.builder()
                        .setSchema(new CoreSchema())
                        .setAllowDuplicateKeys(true)
                        .setCodePointLimit(MOST_BYTES)
                        .build();
        try {
            String plain = withoutTabs(text.get());
            new Document(problems).check(new Parse(settings).parseString(plain));
            if (problems.count() > before) {
                return Optional.empty();
            }
            return new Compose(settings).composeString(plain);
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            problems.add(
                    mark.map(m -> m.getLine() + 1).orElse(1),
                    mark.map(m -> m.getColumn() + 1).orElse(1),
                    "not YAML: " + Quoted.escaped(String.valueOf(e.getProblem())));
        } catch (RuntimeException e) {
            // The parser's own defects are told like other unreadable text.
            problems.add("not YAML: " + Quoted.escaped(String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    /**
     * JSON with spaces for the tabs between its tokens: YAML 1.2 holds all of JSON, but its parsers
     * take no tab at the beginning of a token. Other texts stay as they are.
     */
    private static String withoutTabs(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text);
        boolean quoted = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++; // what is escaped ends no string
            } else if (!quoted && c == '\t') {
                plain.setCharAt(i, ' ');
            }
        }
        return plain.toString();
    }

    private void check(Iterable<Event> events) {
        for (Event event : events) {
            if (event instanceof DocumentStartEvent start) {
                if (++documents > 1) {
                    add(event, "expected one document, got another one");
                    return;
                }
                start.getSpecVersion()
                        .filter(version -> version.getMajor() != 1 || version.getMinor() != 2)
                        .ifPresent(
                                version ->
                                        add(
                                                event,
                                                "expected YAML 1.2, got "
                                                        + version.getMajor()
                                                        + "."
                                                        + version.getMinor()));
            } else if (event instanceof AliasEvent alias) {
                add(
                        event,
                        "expected no aliases, got *" + Quoted.escaped(alias.getAlias().getValue()));
            } else if (event instanceof NodeEvent node) {
                checkNode(node);
                if (depth > DEEPEST) {
                    add(event, Text.of("expected at most %d levels, got more", DEEPEST));
                    return;
                }
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private void checkNode(NodeEvent node) {
        node.getAnchor()
                .ifPresent(
                        a ->
                                add(
                                        node,
                                        "expected no anchors, got &"
                                                + Quoted.escaped(a.getValue())));
        Optional<String> tag = Optional.empty();
        if (node instanceof CollectionStartEvent collection) {
            depth++;
            tag = collection.getTag();
        } else if (node instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
            if (scalar.isPlain() && scalar.getValue().equals(MERGE)) {
                add(node, "expected no merge keys, got " + MERGE);
            }
        }
        tag.ifPresent(
                t ->
                        add(
                                node,
                                "expected no tags, got "
                                        + Quoted.escaped(t.replace("tag:yaml.org,2002:", "!!"))));
    }

    private void add(Event event, String text) {
        Mark mark = event.getStartMark().orElseThrow();
        problems.add(mark.getLine() + 1, mark.getColumn() + 1, text);
    }

    private static Optional<String> text(byte[] bytes, Problems problems) {
        if (bytes.length > MOST_BYTES) {
            problems.add(Text.of("expected a file of at most %d bytes, got more", MOST_BYTES));
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            addAfter(
                    text,
                    Text.of("expected text in UTF-8, got the byte 0x%02x", in.get(in.position())),
                    problems);
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!allowed(text.codePointAt(i))) {
                addAfter(
                        text.substring(0, i),
                        Text.of("expected text, got the character U+%04X", text.codePointAt(i)),
                        problems);
                return Optional.empty();
            }
        }
        boolean marked = !text.isEmpty() && text.charAt(0) == '\ufeff';
        return Optional.of(marked ? text.substring(1) : text);
    }

    /** Characters of YAML 1.2.2, production 1, c-printable. */
    private static boolean allowed(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || c >= 0x20 && c <= 0x7e
                || c == 0x85
                || c >= 0xa0 && c <= 0xd7ff
                || c >= 0xe000 && c <= 0xfffd
                || c >= 0x10000;
    }

    private static void addAfter(String before, String text, Problems problems) {
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        problems.add(line, before.length() - before.lastIndexOf('\n'), text);
    }
}
