// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.analyze;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.espalier.experiments.analysis.Answer;
import org.espalier.experiments.analysis.Caveat;
import org.espalier.experiments.analysis.Column;
import org.espalier.experiments.analysis.Table;
import org.espalier.results.TableFile;

/** Answers as files, every table with all its columns and digits. */
public final class AnswerFiles {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private AnswerFiles() {}

    /** How tables are written. */
    public enum Format {
        /** For a screen. */
        TABLE,
        /** One file a table, RFC 4180, UTF-8. */
        CSV,
        /** One file a table. */
        PARQUET,
        /** One document. */
        JSON,
        /** One file a table, for the package booktabs, as the screen shows it. */
        LATEX
    }

    /**
     * Writes every table that has lines, and what the answers say beside them, into a folder.
     *
     * @return the files
     */
    public static List<Path> write(List<Answer> answers, Format format, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Answer answer : answers) {
            for (Table table : answer.tables()) {
                if (!table.lines().isEmpty() && format != Format.JSON) {
                    files.add(write(table, format, folder));
                }
            }
        }
        Path all = folder.resolve("analysis.json");
        Files.writeString(all, json(answers), StandardCharsets.UTF_8);
        files.add(all);
        return files;
    }

    private static Path write(Table table, Format format, Path folder) throws IOException {
        String ending =
                switch (format) {
                    case LATEX -> "tex";
                    case CSV -> "csv";
                    case PARQUET -> "parquet";
                    default -> throw new IllegalArgumentException(format + " is no file a table");
                };
        Path file = folder.resolve(table.id() + "." + ending);
        switch (format) {
            case LATEX -> Files.writeString(file, latex(table), StandardCharsets.UTF_8);
            case CSV -> Files.writeString(file, csv(table), StandardCharsets.UTF_8);
            default -> parquet(table, file);
        }
        return file;
    }

    /** Values separated by commas under a header; a value that does not exist is empty. */
    public static String csv(Table table) {
        StringBuilder text = new StringBuilder();
        text.append(table.columns().stream().map(Column::name).collect(Collectors.joining(",")))
                .append("\r\n");
        for (List<Object> line : table.lines()) {
            text.append(line.stream().map(AnswerFiles::quoted).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return text.toString();
    }

    private static String quoted(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** A table of booktabs, with the columns and digits that the screen shows. */
    static String latex(Table table) {
        ShownTable seen = ShownTable.of(table);
        StringBuilder text = new StringBuilder();
        text.append("% ").append(table.title()).append("; \\usepackage{booktabs}\n");
        seen.common()
                .forEach(
                        (name, value) -> text.append("% everywhere: " + name + " " + value + "\n"));
        text.append("\\begin{tabular}{")
                .append("l".repeat(seen.keys()))
                .append("r".repeat(seen.header().size() - seen.keys()))
                .append("}\n\\toprule\n")
                .append(row(seen.header()))
                .append("\\midrule\n");
        seen.lines().forEach(line -> text.append(row(line)));
        return text.append("\\bottomrule\n\\end{tabular}\n").toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().map(AnswerFiles::escaped).collect(Collectors.joining(" & "))
                + " \\\\\n";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars()
                .forEach(
                        c -> {
                            switch (c) {
                                case '\\' -> escaped.append("\\textbackslash{}");
                                case '~' -> escaped.append("\\textasciitilde{}");
                                case '^' -> escaped.append("\\textasciicircum{}");
                                case '<' -> escaped.append("$<$");
                                case '>' -> escaped.append("$>$");
                                case '&', '%', '$', '#', '_', '{', '}' ->
                                        escaped.append('\\').append((char) c);
                                default -> escaped.append((char) c);
                            }
                        });
        // a negative number in text mode would have a hyphen
        return escaped.toString().replaceAll("(?<![\\w.])-(?=[0-9.])", "\\$-\\$");
    }

    private static void parquet(Table table, Path file) throws IOException {
        List<TableFile.Field> fields =
                table.columns().stream()
                        .map(
                                c ->
                                        new TableFile.Field(
                                                c.name(),
                                                c.meaning(),
                                                switch (c.kind()) {
                                                    case TEXT -> TableFile.Type.TEXT;
                                                    case COUNT -> TableFile.Type.WHOLE;
                                                    default -> TableFile.Type.NUMBER;
                                                }))
                        .toList();
        TableFile.write(file, table.id(), fields, table.lines());
    }

    /** All answers as one document; a number that does not exist is null. */
    public static String json(List<Answer> answers) {
        List<Object> all = answers.stream().map(AnswerFiles::document).toList();
        try {
            return JSON.writeValueAsString(Map.of("answers", all)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object document(Answer answer) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("question", answer.question().word());
        document.put("text", answer.question().text());
        document.put("readings", answer.readings());
        document.put("caveats", answer.caveats().stream().map(AnswerFiles::document).toList());
        document.put("families", answer.families());
        document.put("computed", answer.computed());
        document.put("tables", answer.tables().stream().map(AnswerFiles::document).toList());
        return document;
    }

    private static Object document(Caveat caveat) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", caveat.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        document.put("sentence", caveat.sentence());
        return document;
    }

    private static Object document(Table table) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", table.id());
        document.put("title", table.title());
        document.put("keys", table.keys());
        document.put(
                "columns",
                table.columns().stream()
                        .map(
                                c ->
                                        Map.of(
                                                "name",
                                                c.name(),
                                                "meaning",
                                                c.meaning(),
                                                "kind",
                                                c.kind().name().toLowerCase(Locale.ROOT)))
                        .toList());
        document.put(
                "lines",
                table.lines().stream()
                        .map(
                                line -> {
                                    List<Object> values = new ArrayList<>();
                                    for (Object v : line) {
                                        boolean none = v instanceof Double d && !Double.isFinite(d);
                                        values.add(none ? null : v);
                                    }
                                    return values;
                                })
                        .toList());
        return document;
    }
}
