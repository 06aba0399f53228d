// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.espalier.results.text.Text;

/**
 * The durable rows of a sweep: {@code DIR/results/*.parquet}, written by one owner. A row that a
 * method has accepted is there after any crash, and no crash leaves a cell with two rows.
 *
 * <p>Rows are appended as small finished files; above {@value #MERGE_ABOVE} files they are merged
 * into one. A row that takes the place of another goes into {@code DIR/_retried} first, which what
 * is read here looks into and other readers do not: they see the row that was, until all rows are
 * merged by {@link #settle} or at the next start. Files are written in {@code DIR/_unfinished} and
 * renamed, so that nothing torn is ever where readers look. Names of files are never used twice, so
 * that who reads beside the owner finds a file as it was, or gone.
 *
 * <p>A write that fails may or may not have reached the disk. The folder takes no further ones
 * then: open it again.
 */
public final class ResultsFolder implements AutoCloseable {
    static final int MERGE_ABOVE = 100;
    private static final Pattern ROWS = Pattern.compile("rows-(\\d{8,18})\\.parquet");
    private static final String UNFINISHED = "_unfinished";
    private static final String RETRIED = "_retried";

    /** What killed writers of earlier versions left beside the rows. */
    private static final Pattern UNFINISHED_BESIDE = Pattern.compile("_rows-\\d+\\.tmp");

    private static final Pattern UNFINISHED_OF_EPOCH = Pattern.compile("_unfinished(-\\d+)?");

    private static final int READ_ATTEMPTS = 100;

    private final Storage storage;
    private final Path folder;
    private final Path unfinished;
    private final Path retried;
    private final FolderSwap swap;
    private final FolderLock lock;
    private final int mergeAbove;
    private final Map<String, Known> cells = new LinkedHashMap<>();

    /** Each once: a folder has many cells and few of these. */
    private final Map<Known, Known> distinct = new HashMap<>();

    private final List<String> files = new ArrayList<>();
    private final List<String> retriedFiles = new ArrayList<>();

    /** Cells whose row is in a file of {@code _retried}, and in which. */
    private final Map<String, String> retriedIn = new HashMap<>();

    private boolean writable = true;

    private ResultsFolder(Storage storage, Path folder, FolderLock lock, int mergeAbove) {
        this.storage = storage;
        this.folder = folder;
        this.lock = lock;
        this.mergeAbove = mergeAbove;
        // a successor removes what earlier holders have not finished, and with it what they could
        // rename
        unfinished =
                new Path(
                        folder.getParent(),
                        lock.epoch() == 0 ? UNFINISHED : UNFINISHED + "-" + lock.epoch());
        retried = new Path(folder.getParent(), RETRIED);
        swap = new FolderSwap(storage, folder, lock);
    }

    /**
     * Takes the results of a sweep for writing: creates what is missing, clears up what a killed
     * owner left, and reads which cells have a row.
     *
     * @param sweep folder of the sweep; its results are in {@code results} below it
     * @throws ResultsException if another owner holds the folder, it is on an object store, or a
     *     file in it cannot be read
     */
    public static ResultsFolder open(Path sweep, Configuration configuration) throws IOException {
        Path qualified = Storages.qualified(sweep, configuration);
        return open(qualified, Storages.of(qualified, configuration), MERGE_ABOVE);
    }

    static ResultsFolder open(Path sweep, Storage storage, int mergeAbove) throws IOException {
        checkVersions(sweep, storage);
        storage.createFolder(sweep);
        FolderLock lock = storage.lock(new Path(sweep, "_lock"));
        try {
            var opened = new ResultsFolder(storage, new Path(sweep, "results"), lock, mergeAbove);
            opened.recover();
            return opened;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Refuses a folder of another version before anything in it is touched. */
    private static void checkVersions(Path sweep, Storage storage) throws IOException {
        read(
                sweep,
                storage,
                folder -> {
                    for (Path place : List.of(folder, new Path(sweep, RETRIED))) {
                        for (String name : names(storage, place)) {
                            RowFile.check(storage, new Path(place, name));
                        }
                    }
                    return null;
                },
                null);
    }

    /**
     * Rows of a sweep, for who only reads; its owner may write meanwhile.
     *
     * @return rows in the order of writing, each with its file; none where nothing was written
     * @throws ResultsException if a file cannot be read, or the sweep is on an object store
     */
    public static List<FiledRow> read(Path sweep, Configuration configuration) throws IOException {
        Path qualified = Storages.qualified(sweep, configuration);
        return read(qualified, Storages.of(qualified, configuration));
    }

    /**
     * Files of a sweep's rows, for who reads them with a program of their own.
     *
     * @param rows files of rows
     * @param retried files of rows that take the place of those of the same cell in {@code rows}
     */
    public record Files(List<Path> rows, List<Path> retried) {
        public Files {
            rows = List.copyOf(rows);
            retried = List.copyOf(retried);
        }
    }

    /**
     * The files that hold the rows of a sweep now, each checked to have the columns of this schema
     * version. Its owner may merge them away while they are read: then they are listed again.
     *
     * @throws ResultsException if one is of another version, or none of ours
     */
    public static Files files(Path sweep, Configuration configuration) throws IOException {
        Path qualified = Storages.qualified(sweep, configuration);
        Storage storage = Storages.of(qualified, configuration);
        return read(
                qualified,
                storage,
                folder ->
                        new Files(
                                checked(storage, folder),
                                checked(storage, new Path(folder.getParent(), RETRIED))),
                new Files(List.of(), List.of()));
    }

    private static List<Path> checked(Storage storage, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : names(storage, folder)) {
            Path file = new Path(folder, name);
            RowFile.check(storage, file);
            files.add(file);
        }
        return files;
    }

    static List<FiledRow> read(Path sweep, Storage storage) throws IOException {
        return read(sweep, storage, folder -> readOnce(storage, folder), List.of());
    }

    /** Looks again where the owner has merged the files meanwhile. */
    private static <T> T read(Path sweep, Storage storage, Reading<T> reading, T ofNothing)
            throws IOException {
        var swap = new FolderSwap(storage, new Path(sweep, "results"));
        for (int attempt = 1; ; attempt++) {
            try {
                Path current = swap.current();
                return current == null ? ofNothing : reading.of(current);
            } catch (FileNotFoundException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private interface Reading<T> {
        T of(Path folder) throws IOException;
    }

    /** How every cell that has a row ended, by id. */
    public synchronized Map<String, CellRow.Status> cells() {
        return ofCells(Known::status);
    }

    /** What the numbers of every row rest on, by its cell's id. */
    public synchronized Map<String, RowOrigin> origins() {
        return ofCells(Known::origin);
    }

    /** What is remembered of a row. */
    private record Known(CellRow.Status status, RowOrigin origin) {}

    private Known known(RowFile.IndexEntry entry) {
        Known known = new Known(entry.status(), entry.origin());
        Known same = distinct.putIfAbsent(known, known);
        return same == null ? known : same;
    }

    private <V> Map<String, V> ofCells(Function<Known, V> what) {
        Map<String, V> values = new LinkedHashMap<>();
        cells.forEach((cell, entry) -> values.put(cell, what.apply(entry)));
        return Collections.unmodifiableMap(values);
    }

    /** Hands on all rows, in the order of writing. */
    public synchronized void forEach(Consumer<CellRow> each) throws IOException {
        visit(each::accept);
    }

    private void visit(Visitor visitor) throws IOException {
        for (String name : files) {
            visit(new Path(folder, name), row -> !retriedIn.containsKey(row.cellId()), visitor);
        }
        for (String name : retriedFiles) {
            visit(
                    new Path(retried, name),
                    row -> name.equals(retriedIn.get(row.cellId())),
                    visitor);
        }
    }

    private void visit(Path file, Predicate<CellRow> counts, Visitor visitor) throws IOException {
        try (var reader = RowFile.open(storage, file)) {
            for (CellRow row = reader.next(); row != null; row = reader.next()) {
                if (counts.test(row)) {
                    visitor.visit(row);
                }
            }
        }
    }

    /**
     * Adds rows; they are durable when this returns.
     *
     * @throws IllegalArgumentException if a cell has a row already, or two of these, or a component
     *     is null that the schema wants; nothing is written then
     */
    public synchronized void append(List<CellRow> rows) throws IOException {
        Map<String, CellRow> added = byId(rows);
        for (String cell : added.keySet()) {
            if (cells.containsKey(cell)) {
                throw new IllegalArgumentException(
                        Text.of("cell %s has a row in %s already", cell, folder));
            }
        }
        if (!rows.isEmpty()) {
            write(() -> appendFile(rows));
        }
    }

    /**
     * Adds rows, each in place of the row that its cell has. All of them are durable when this
     * returns. Its cost is that of these rows, not of the folder: rows that take the place of
     * others wait for {@link #settle} in a file of their own.
     *
     * @throws IllegalArgumentException if a cell has two of these rows, or a component is null that
     *     the schema wants; nothing is written then
     */
    public synchronized void replace(List<CellRow> rows) throws IOException {
        byId(rows);
        List<CellRow> fresh =
                rows.stream().filter(row -> !cells.containsKey(row.cellId())).toList();
        List<CellRow> again = rows.stream().filter(row -> cells.containsKey(row.cellId())).toList();
        if (!fresh.isEmpty()) {
            write(() -> appendFile(fresh));
        }
        if (!again.isEmpty()) {
            write(() -> retryFile(again));
        }
    }

    /** Merges rows that took the place of others into all rows, where every reader sees them. */
    public synchronized void settle() throws IOException {
        if (!retriedFiles.isEmpty()) {
            write(this::rebuild);
        }
    }

    /**
     * Writes a row to a file, forces and renames it, reads the row back and removes the file: all
     * that a row will go through, by the same code, in the place of unfinished files.
     *
     * @param row like those that come
     * @throws ResultsException if any of that fails
     */
    public synchronized void probe(CellRow row) throws IOException {
        Path written = new Path(unfinished, "written");
        Path renamed = new Path(unfinished, "renamed");
        try {
            storage.createFolder(unfinished);
            try (RowWriter writer = RowFile.create(storage, written)) {
                writer.write(row);
            }
            storage.rename(written, renamed);
            storage.sync(folder);
            try (var reader = RowFile.open(storage, renamed)) {
                if (!row.equals(reader.next())) {
                    throw new ResultsException("what is read is not what was written");
                }
            }
            storage.delete(renamed);
        } catch (LinkageError e) {
            remove(written, e);
            throw new ResultsException(
                    Text.of(
                            "the library that compresses rows cannot be loaded: %s; name a temporary folder that allows it with ESPALIER_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                            Text.firstLine(e)),
                    new IOException(e));
        } catch (IOException | RuntimeException e) {
            remove(written, e);
            remove(renamed, e);
            throw new ResultsException(
                    Text.of(
                            "%s cannot hold results: %s; mend that or choose another folder with --out, nothing was computed yet",
                            folder, Text.firstLine(e)),
                    e);
        }
    }

    private void remove(Path file, Throwable because) {
        try {
            storage.delete(file);
        } catch (IOException e) {
            because.addSuppressed(e); // the next owner removes it
        }
    }

    /**
     * A file of rows, read to its end with every checksum.
     *
     * @param file its path
     * @param replaces whether its rows take the place of those of the same cells
     * @param rows where they are whole; empty where it has a problem
     * @param problem why it cannot be read; null where it can
     */
    public record Verified(String file, boolean replaces, List<Named> rows, String problem) {
        public Verified {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A row by its names.
     *
     * @param cellId the cell's
     * @param condition the whole condition as text
     * @param versions of data, arithmetic and science
     */
    public record Named(String cellId, String condition, long seed, String versions) {}

    /**
     * Reads every file of a sweep's rows, also behind one that is damaged, for who only reads.
     *
     * @throws FileNotFoundException if an owner merged files away meanwhile
     */
    public static List<Verified> verify(Path sweep, Configuration configuration)
            throws IOException {
        Path qualified = Storages.qualified(sweep, configuration);
        Storage storage = Storages.of(qualified, configuration);
        return read(
                qualified,
                storage,
                live -> {
                    List<Verified> verified = new ArrayList<>();
                    for (String name : names(storage, live)) {
                        verified.add(verified(storage, new Path(live, name), false));
                    }
                    Path retried = new Path(qualified, RETRIED);
                    for (String name : names(storage, retried)) {
                        verified.add(verified(storage, new Path(retried, name), true));
                    }
                    return verified;
                },
                List.of());
    }

    private static Verified verified(Storage storage, Path file, boolean replaces)
            throws IOException {
        List<Named> rows = new ArrayList<>();
        try (var reader = RowFile.open(storage, file)) {
            for (CellRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(
                        new Named(
                                row.cellId(),
                                row.condition().text(),
                                row.seed(),
                                Text.of(
                                        "%s, %s, science %s",
                                        row.condition().datasetFingerprint(),
                                        row.identity().numerics(),
                                        row.identity().science())));
            }
            return new Verified(file.toString(), replaces, rows, null);
        } catch (ResultsException e) {
            return new Verified(file.toString(), replaces, List.of(), e.getMessage());
        }
    }

    /** What the file system of the folder lacks, a sentence each; known after {@link #probe}. */
    public List<String> remarks() {
        var remarks = new ArrayList<String>();
        lock.remark().ifPresent(remarks::add);
        remarks.addAll(storage.remarks());
        return remarks;
    }

    /** Gives the folder up. */
    @Override
    public synchronized void close() throws IOException {
        try {
            if (writable || lock.epoch() > 0) { // then nobody else's
                storage.delete(unfinished);
            }
        } finally {
            writable = false;
            lock.close();
        }
    }

    private void recover() throws IOException {
        swap.recover();
        storage.createFolder(folder);
        for (String name : storage.list(folder)) {
            if (UNFINISHED_BESIDE.matcher(name).matches()) {
                storage.delete(new Path(folder, name));
            }
        }
        for (String name : storage.list(folder.getParent())) {
            if (UNFINISHED_OF_EPOCH.matcher(name).matches()) {
                storage.delete(new Path(folder.getParent(), name));
            }
        }
        storage.sync(folder);
        storage.sync(folder.getParent());
        files.addAll(names(storage, folder));
        for (String name : files) {
            for (var entry : index(new Path(folder, name))) {
                if (cells.put(entry.cellId(), known(entry)) != null) {
                    throw twice(storage, folder, entry.cellId());
                }
            }
        }
        retriedFiles.addAll(names(storage, retried));
        for (String name : retriedFiles) {
            index(new Path(retried, name)).forEach(entry -> retried(entry, name));
        }
        if (retriedFiles.isEmpty()) {
            storage.delete(retried);
        }
        settle();
    }

    private List<RowFile.IndexEntry> index(Path file) throws IOException {
        var entries = new ArrayList<RowFile.IndexEntry>();
        try (var reader = RowFile.openIndex(storage, file)) {
            for (var entry = reader.next(); entry != null; entry = reader.next()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private void retried(RowFile.IndexEntry entry, String name) {
        cells.remove(entry.cellId()); // it comes last now
        cells.put(entry.cellId(), known(entry));
        retriedIn.put(entry.cellId(), name);
    }

    private void appendFile(List<CellRow> rows) throws IOException {
        files.add(writeFile(rows, folder));
        rows.forEach(row -> cells.put(row.cellId(), known(RowFile.IndexEntry.of(row))));
        if (files.size() > mergeAbove) {
            rebuild();
        }
    }

    private void retryFile(List<CellRow> rows) throws IOException {
        storage.createFolder(retried);
        storage.sync(folder.getParent());
        String name = writeFile(rows, retried);
        retriedFiles.add(name);
        rows.forEach(row -> retried(RowFile.IndexEntry.of(row), name));
        if (retriedFiles.size() > mergeAbove) {
            rebuild();
        }
    }

    /** Writes a file that is in its folder whole or not at all, and returns its name. */
    private String writeFile(List<CellRow> rows, Path place) throws IOException {
        String name = nextName();
        storage.createFolder(unfinished);
        Path beside = new Path(unfinished, name);
        try (RowWriter writer = RowFile.create(storage, beside)) {
            for (CellRow row : rows) {
                writer.write(row);
            }
        }
        lock.check();
        storage.rename(beside, new Path(place, name));
        storage.sync(place);
        return name;
    }

    /** One file of all rows. Killed before the last step, the next start does this again. */
    private void rebuild() throws IOException {
        String name = nextName();
        Set<String> there = Set.copyOf(names(storage, folder));
        if (!there.equals(Set.copyOf(files))) {
            throw new ResultsException(
                    Text.of(
                            "%s has other files than this process has read and written, so they are not merged: is another process writing there?",
                            folder));
        }
        swap.replace(
                fresh -> {
                    try (RowWriter writer = RowFile.create(storage, new Path(fresh, name))) {
                        visit(writer::write);
                    }
                });
        files.clear();
        files.add(name);
        if (!retriedFiles.isEmpty()) {
            storage.createFolder(unfinished);
            lock.check();
            storage.rename(retried, new Path(unfinished, RETRIED)); // all of them in one step
            storage.sync(folder.getParent());
            storage.delete(unfinished);
        }
        retriedFiles.clear();
        retriedIn.clear();
    }

    private String nextName() {
        long last =
                Stream.concat(files.stream(), retriedFiles.stream())
                        .map(ROWS::matcher)
                        .filter(Matcher::matches)
                        .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                        .max()
                        .orElse(0);
        return Text.of("rows-%08d.parquet", last + 1);
    }

    private void write(Step step) throws IOException {
        if (!writable) {
            throw new IllegalStateException(
                    folder + " is closed, or a write failed: open it again to write");
        }
        writable = false;
        try {
            step.run();
        } catch (IOException e) {
            try {
                lock.check(); // what a successor has taken away fails in many ways
            } catch (IOException taken) {
                taken.addSuppressed(e);
                throw taken;
            }
            throw e;
        }
        writable = true;
    }

    /** Files of rows in a folder; none where it is not there. */
    private static List<String> names(Storage storage, Path folder) throws IOException {
        if (!storage.exists(folder)) {
            return List.of();
        }
        return storage.list(folder).stream()
                .filter(name -> name.endsWith(".parquet"))
                .filter(name -> !name.startsWith("_") && !name.startsWith("."))
                .toList();
    }

    private static List<FiledRow> readOnce(Storage storage, Path folder) throws IOException {
        var rows = new LinkedHashMap<String, FiledRow>();
        List<String> names = names(storage, folder);
        for (FiledRow filed : readFiles(storage, folder, names)) {
            if (rows.put(filed.row().cellId(), filed) != null) {
                throw twice(storage, folder, filed.row().cellId());
            }
        }
        Path retried = new Path(folder.getParent(), RETRIED);
        for (FiledRow filed : readFiles(storage, retried, names(storage, retried))) {
            rows.remove(filed.row().cellId());
            rows.put(filed.row().cellId(), filed);
        }
        if (!Set.copyOf(storage.list(folder)).containsAll(names)) {
            throw new FileNotFoundException(folder + " was merged meanwhile");
        }
        return List.copyOf(rows.values());
    }

    private static List<FiledRow> readFiles(Storage storage, Path folder, List<String> names)
            throws IOException {
        var rows = new ArrayList<FiledRow>();
        for (String name : names) {
            Path file = new Path(folder, name);
            try (var reader = RowFile.open(storage, file)) {
                for (CellRow row = reader.next(); row != null; row = reader.next()) {
                    rows.add(new FiledRow(row, file.toString()));
                }
            }
        }
        return rows;
    }

    private static Map<String, CellRow> byId(List<CellRow> rows) {
        var byId = new LinkedHashMap<String, CellRow>();
        for (CellRow row : rows) {
            RowWriter.check(row);
            if (byId.put(row.cellId(), row) != null) {
                throw new IllegalArgumentException("two rows of cell " + row.cellId());
            }
        }
        return byId;
    }

    /** Two rows of a cell, by the files that hold them: looked for when it is known there are. */
    private static ResultsException twice(Storage storage, Path folder, String cell)
            throws IOException {
        List<Path> holders = new ArrayList<>();
        for (String name : names(storage, folder)) {
            Path file = new Path(folder, name);
            try (var reader = RowFile.openIndex(storage, file)) {
                for (var entry = reader.next(); entry != null; entry = reader.next()) {
                    if (entry.cellId().equals(cell)) {
                        holders.add(file);
                    }
                }
            }
        }
        return new ResultsException(
                holders.stream().distinct().count() > 1
                        ? Text.of(
                                "%s and %s both hold a row of cell %s: remove one of the files",
                                holders.get(0), holders.get(holders.size() - 1), cell)
                        : Text.of(
                                "%s holds two rows of cell %s: remove the file, and its cells are"
                                        + " run again",
                                holders.get(0), cell));
    }

    private interface Visitor {
        void visit(CellRow row) throws IOException;
    }

    private interface Step {
        void run() throws IOException;
    }
}
