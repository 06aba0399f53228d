// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.espalier.driver.UsageException;
import org.espalier.driver.plan.KnownNames;
import org.espalier.experiments.sweep.Sweep;
import org.espalier.experiments.sweep.SweepFile;
import org.espalier.experiments.sweep.SweepFileException;
import org.espalier.results.Forcing;
import org.espalier.results.text.Text;

/** The frozen sweep beside the results: {@code DIR/sweep.yaml}, with every default written out. */
public final class SweepFolder {
    /** Name of the frozen sweep in the folder. */
    public static final String FROZEN = "sweep.yaml";

    private static final int MOST_BYTES = 16 << 20;

    private final Path folder;
    private final Configuration configuration;

    public SweepFolder(String folder, Configuration configuration) {
        this.folder = new Path(folder);
        this.configuration = configuration;
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /**
     * Folders on the way here of which DuckDB makes columns, {@code seed=7}, where it is not told
     * otherwise: they take the place of the columns in the files.
     */
    List<String> columnsOfPath() {
        String whole =
                folder.toUri().getScheme() == null
                        ? java.nio.file.Path.of(folder.toString()).toAbsolutePath().toString()
                        : folder.toUri().getPath();
        return Arrays.stream(whole.split("/")).filter(name -> name.matches("[^=]+=.*")).toList();
    }

    /** The frozen sweep; empty where no sweep has been run here. */
    public Optional<String> frozen() throws IOException {
        FileSystem files = files();
        Path file = new Path(folder, FROZEN);
        try {
            long length = files.getFileStatus(file).getLen();
            if (length > MOST_BYTES) {
                throw new UsageException(
                        Text.of(
                                "%s has %s, which no frozen sweep has",
                                file, Text.count(length, "byte")));
            }
            byte[] bytes = new byte[(int) length];
            try (FSDataInputStream in = files.open(file)) {
                in.readFully(0, bytes);
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * The frozen sweep where it comes to the cells of this one, in whichever order they are written
     * and however spelled; empty where it does not, or there is none.
     */
    Optional<String> same(Sweep sweep) throws IOException {
        return frozen().filter(text -> comesTo(text, sweep));
    }

    private static boolean comesTo(String text, Sweep sweep) {
        return parsed(text)
                .filter(
                        before ->
                                before.name().equals(sweep.name())
                                        && Set.copyOf(before.cells())
                                                .equals(Set.copyOf(sweep.cells())))
                .isPresent();
    }

    /** The sweep of a frozen text; empty where it is of a version that froze it otherwise. */
    public static Optional<Sweep> parsed(String frozen) {
        try {
            return Optional.of(
                    SweepFile.read(
                            frozen.getBytes(StandardCharsets.UTF_8),
                            FROZEN,
                            KnownNames.ofFrozen()));
        } catch (SweepFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Checks that a sweep may run here; changes nothing.
     *
     * @throws UsageException if another sweep is frozen here and it is not to be extended
     */
    void check(String sweep, RunOptions.Changed changed) throws IOException {
        Optional<String> before = frozen();
        if (before.isPresent()
                && !before.get().equals(sweep)
                && changed == RunOptions.Changed.REFUSE) {
            throw new UsageException(
                    Text.of(
                            "%s holds results of another sweep (%s). Choose another folder with --out, or add"
                                    + " this sweep's cells to those results with --extend.",
                            folder, firstDifference(before.get(), sweep)));
        }
    }

    /**
     * Freezes a sweep in the place of the one that was, of which a copy is kept beside it: its rows
     * are still here. There is a frozen sweep at every moment once there has been one.
     */
    void freeze(String sweep) throws IOException {
        Optional<String> before = frozen();
        if (before.isPresent() && before.get().equals(sweep)) {
            return;
        }
        FileSystem files = files();
        files.mkdirs(folder);
        if (before.isPresent()) {
            write(
                    files,
                    new Path(folder, Text.of("sweep-before-%08x.yaml", before.get().hashCode())),
                    before.get());
        }
        Path beside = new Path(folder, "_" + FROZEN);
        write(files, beside, sweep);
        replace(files, beside, new Path(folder, FROZEN));
    }

    private static void write(FileSystem files, Path file, String text) throws IOException {
        try (FSDataOutputStream out = files.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            Forcing.force(out, files, file);
        }
    }

    /** Renames over what is there, in one step. */
    private void replace(FileSystem files, Path from, Path to) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            Files.move(
                    local.pathToFile(from).toPath(),
                    local.pathToFile(to).toPath(),
                    StandardCopyOption.ATOMIC_MOVE);
        } else {
            FileContext.getFileContext(files.getUri(), configuration)
                    .rename(
                            files.makeQualified(from),
                            files.makeQualified(to),
                            Options.Rename.OVERWRITE);
        }
    }

    /** Local disks without Hadoop's checksum files, so that a user may edit what is there. */
    private FileSystem files() throws IOException {
        FileSystem files = folder.getFileSystem(configuration);
        return files instanceof LocalFileSystem local ? local.getRaw() : files;
    }

    private static String firstDifference(String before, String now) {
        String[] old = before.split("\n");
        String[] young = now.split("\n");
        for (int i = 0; i < Math.min(old.length, young.length); i++) {
            if (!old[i].equals(young[i])) {
                return Text.of(
                        "line %d there: %s; now: %s", i + 1, old[i].strip(), young[i].strip());
            }
        }
        return Text.of("%s there, %d now", Text.count(old.length, "line"), young.length);
    }
}
