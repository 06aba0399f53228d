// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.espalier.results.text.Text;

/**
 * A process that appends and replaces rows until it is killed. It prints a line for every row that
 * was accepted: {@code CELL SEED .}, the dot against half a line.
 */
final class AppendLoop {
    private AppendLoop() {}

    public static void main(String[] arguments) throws IOException {
        var sweep = new org.apache.hadoop.fs.Path(Path.of(arguments[0]).toUri());
        long round = Long.parseLong(arguments[1]);
        var random = new SplittableRandom(round);
        int mergeAbove = 4; // so that kills meet merges
        try (var folder =
                ResultsFolder.open(
                        Storages.qualified(sweep, new Configuration(false)),
                        arguments.length < 3
                                ? new LocalStorage()
                                : distributed(Long.parseLong(arguments[2])),
                        mergeAbove)) {
            int next = folder.cells().size();
            for (int attempt = 1; ; attempt++) {
                var rows = new ArrayList<CellRow>();
                boolean replace = next > 0 && random.nextInt(5) == 0;
                if (replace) {
                    rows.add(row("cell-" + random.nextInt(next), round, attempt));
                }
                for (int count = random.nextInt(1, 4); count > 0; count--) {
                    rows.add(row("cell-" + next++, round, attempt));
                }
                if (replace) {
                    folder.replace(rows);
                } else {
                    folder.append(rows);
                }
                acknowledge(rows);
            }
        }
    }

    /** As a distributed file system is, without a server: Hadoop's own local one, without locks. */
    static Storage distributed(long lease) throws IOException {
        Configuration settings = new Configuration(false);
        settings.setLong(LeasedLock.LEASE, lease);
        RawLocalFileSystem files = new RawLocalFileSystem();
        files.initialize(URI.create("file:///"), settings);
        return new HadoopStorage(files);
    }

    /** What a line says that was printed whole. */
    static Map.Entry<String, Long> parse(String line) {
        String[] words = line.split(" ");
        return words.length == 3 && words[2].equals(".")
                ? Map.entry(words[0], Long.parseLong(words[1]))
                : null;
    }

    private static CellRow row(String cell, long round, int attempt) {
        // the seed says which writing of the cell it is, and grows
        return SampleRows.completed(cell, round * 1_000_000L + attempt);
    }

    private static void acknowledge(List<CellRow> rows) {
        var lines = new StringBuilder();
        for (CellRow row : rows) {
            lines.append(Text.of("%s %d .%n", row.cellId(), row.seed()));
        }
        System.out.print(lines);
        System.out.flush();
    }
}
