// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.show;

import java.util.ArrayList;
import java.util.List;
import org.espalier.results.text.Text;

/**
 * Lines of cells under a header, in columns: the first columns to the left, numbers to the right.
 */
final class TextTable {
    private final List<List<String>> lines = new ArrayList<>();
    private final int leftColumns;

    /**
     * @param leftColumns how many columns, from the first, are set to the left
     */
    TextTable(int leftColumns, String... header) {
        this.leftColumns = leftColumns;
        lines.add(List.of(header));
    }

    void add(List<String> cells) {
        if (cells.size() != lines.get(0).size()) {
            throw new IllegalArgumentException(
                    Text.of("expected %d cells, got %d", lines.get(0).size(), cells.size()));
        }
        lines.add(List.copyOf(cells));
    }

    /** The table, every line indented by two and ended. */
    String text() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(" ");
            for (int c = 0; c < columns; c++) {
                String padding = " ".repeat(widths[c] - line.get(c).length());
                row.append(' ')
                        .append(c < leftColumns ? line.get(c) + padding : padding + line.get(c));
                row.append(c < columns - 1 ? " " : "");
            }
            text.append(row.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}
