// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.results.text.Text;

/**
 * Lines of cells under a header, in columns: the first columns to the left, numbers to the right.
 * Where it is wider than the screen its columns stand in blocks below each other, and every block
 * begins with the columns that say which line it is.
 */
public final class TextTable {
    private static final int MARGIN = 2;
    private static final int GAP = 2;

    private final List<List<String>> lines = new ArrayList<>();
    private final int leftColumns;
    private final int keyColumns;

    /**
     * @param leftColumns how many columns, from the first, are set to the left
     * @param keyColumns how many, from the first, every block repeats
     */
    public TextTable(int leftColumns, int keyColumns, String... header) {
        this.leftColumns = leftColumns;
        this.keyColumns = keyColumns;
        lines.add(List.of(header));
    }

    public void add(List<String> cells) {
        if (cells.size() != lines.get(0).size()) {
            throw new IllegalArgumentException(
                    Text.of("expected %d cells, got %d", lines.get(0).size(), cells.size()));
        }
        lines.add(List.copyOf(cells));
    }

    /**
     * The table, every line indented by two and ended; blocks with an empty line between them. A
     * block has one column at least, however narrow the screen.
     */
    public String text(int width) {
        int columns = lines.get(0).size();
        int[] widths =
                IntStream.range(0, columns)
                        .map(c -> lines.stream().mapToInt(l -> l.get(c).length()).max().orElse(0))
                        .toArray();
        int keys = MARGIN - GAP;
        for (int c = 0; c < keyColumns; c++) {
            keys += widths[c] + GAP;
        }
        StringBuilder text = new StringBuilder();
        int from = keyColumns;
        while (from < columns) {
            int to = from;
            int used = keys;
            while (to < columns && (to == from || used + GAP + widths[to] <= width)) {
                used += GAP + widths[to++];
            }
            text.append(text.length() == 0 ? "" : System.lineSeparator());
            append(text, widths, from, to);
            from = to;
        }
        return text.toString();
    }

    private void append(StringBuilder text, int[] widths, int from, int to) {
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(" ".repeat(MARGIN));
            for (int c = 0; c < to; c++) {
                if (c < keyColumns || c >= from) {
                    String padding = " ".repeat(widths[c] - line.get(c).length());
                    row.append(c < leftColumns ? line.get(c) + padding : padding + line.get(c));
                    row.append(" ".repeat(GAP));
                }
            }
            text.append(row.toString().stripTrailing()).append(System.lineSeparator());
        }
    }
}
