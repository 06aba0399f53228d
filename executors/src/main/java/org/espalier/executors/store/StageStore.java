// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.espalier.executors.store.Snapshot.CorruptSnapshotException;
import org.espalier.executors.store.Snapshot.OtherVersionException;
import org.espalier.experiments.journal.Journal;
import org.espalier.experiments.network.Tensor;
import org.espalier.results.Forcing;
import org.espalier.results.text.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of stages by their names, in a folder that outlives a sweep: what one sweep has
 * trained, a later one finds. Files are written beside and renamed, so a reader sees a whole file
 * or none; a file that does not fit its own checksum counts as absent and is set aside. A file of
 * another version of this program counts as absent too and is never touched: ours is written beside
 * it.
 *
 * <p>The first writer of a stage wins. A second one with the same bits is ignored, one with other
 * bits is an error: a stage's name determines its bits.
 *
 * <p>What the file system refuses is tried again after a pause ({@link Patience}); if it stays so,
 * every method throws {@link StorageException}.
 */
public final class StageStore {
    private static final Logger LOG = LoggerFactory.getLogger(StageStore.class);

    private static final NetworkState SMALL =
            NetworkState.initial(List.of(new Tensor("probe", new int[] {1024}, new float[1024])));

    private final Path folder;
    private final Configuration configuration;
    private final Patience patience;

    /**
     * A store; nothing is looked at yet.
     *
     * @param folder URI of a Hadoop file system; made when first written to
     */
    public StageStore(String folder, Configuration configuration) {
        this.folder = new Path(folder);
        this.configuration = configuration;
        patience = Patience.of(configuration);
    }

    /**
     * Writes, renames, reads and removes the snapshot of a small network, so that a store that
     * cannot be used is found before anything is trained for it.
     *
     * @throws StorageException if any of that fails
     */
    public void probe() {
        String name = "_probe." + UUID.randomUUID();
        Path written = new Path(folder, name + ".tmp");
        Path renamed = new Path(folder, name);
        try {
            tried(
                    "be written to, in " + folder,
                    () -> {
                        FileSystem files = files();
                        files.mkdirs(folder);
                        String bits = put(files, written, name, SMALL);
                        if (!files.rename(written, renamed)) {
                            throw new IOException("cannot rename " + written);
                        }
                        try (FSDataInputStream in = files.open(renamed)) {
                            long length = files.getFileStatus(renamed).getLen();
                            if (!Snapshot.check(in, length, name).bits().equals(bits)) {
                                throw new IOException("what is read is not what was written");
                            }
                        } catch (CorruptSnapshotException | OtherVersionException e) {
                            throw new IOException("what is read is damaged", e);
                        }
                        files.delete(renamed, false);
                        return null;
                    });
        } catch (StorageException e) {
            remove(written);
            remove(renamed);
            throw e;
        }
    }

    /** Writes a new file to the end, and forces it where the file system can. */
    private static String put(FileSystem files, Path file, String stage, NetworkState state)
            throws IOException {
        try (FSDataOutputStream out = files.create(file, true)) {
            String bits = Snapshot.write(out, stage, state);
            if (!Forcing.force(out, files, file)) {
                LOG.debug("{} is not forced: a torn snapshot counts as absent", file);
            }
            return bits;
        }
    }

    /**
     * Whether there is a snapshot of this stage in a version that this program reads; whether it is
     * whole is seen by who reads it.
     */
    public boolean contains(String stage) {
        return read(stage, Snapshot::version).isPresent();
    }

    /** The network as that stage left it; empty if it is not here, or its file is damaged. */
    public Optional<NetworkState> read(String stage) {
        return read(stage, Snapshot::read);
    }

    /** The journal of the network as that stage left it; empty as for {@link #read}. */
    public Optional<Journal> journal(String stage) {
        return read(stage, Snapshot::check).map(Snapshot.Checked::journal);
    }

    private interface Form<T> {
        T read(FSDataInputStream in, long length, String stage)
                throws IOException, CorruptSnapshotException, OtherVersionException;
    }

    private <T> Optional<T> read(String stage, Form<T> form) {
        for (Path path : paths(stage)) {
            try {
                return Optional.of(whole(path, stage, form));
            } catch (FileNotFoundException e) {
                return Optional.empty();
            } catch (OtherVersionException e) {
                LOG.info("{} is {}; left as it is", path, e.getMessage());
            } catch (CorruptSnapshotException e) {
                setAside(path, e);
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private <T> T whole(Path path, String stage, Form<T> form)
            throws FileNotFoundException, CorruptSnapshotException, OtherVersionException {
        Object read =
                patience.run(
                        "read " + path,
                        () -> {
                            FileSystem files = files();
                            FileStatus status = files.getFileStatus(path);
                            if (status.isDirectory()) {
                                return new CorruptSnapshotException("it is a folder");
                            }
                            try (FSDataInputStream in = files.open(path)) {
                                return form.read(in, status.getLen(), stage);
                            } catch (CorruptSnapshotException | OtherVersionException e) {
                                return e; // an answer, not to be asked for again
                            }
                        });
        if (read instanceof CorruptSnapshotException corrupt) {
            throw corrupt;
        }
        if (read instanceof OtherVersionException other) {
            throw other;
        }
        @SuppressWarnings("unchecked")
        T made = (T) read;
        return made;
    }

    /**
     * Keeps a network under a stage's name.
     *
     * @throws IllegalStateException if the store has other bits under this name
     */
    public void write(String stage, NetworkState state) {
        Path target = free(stage);
        Path beside = new Path(target.getParent(), "_" + stage + "." + UUID.randomUUID());
        try {
            String made =
                    tried(
                            "write " + target,
                            () -> {
                                FileSystem files = files();
                                files.mkdirs(target.getParent());
                                return put(files, beside, stage, state);
                            });
            boolean kept = sameBitsAreThere(target, stage, made) || publish(beside, target);
            if (!kept && !sameBitsAreThere(target, stage, made)) {
                throw new StorageException(
                        Text.of("the stage store cannot rename %s to %s", beside, target), null);
            }
        } finally {
            remove(beside);
        }
    }

    /** Where ours belongs: the first place that no other version of this program has taken. */
    private Path free(String stage) {
        for (Path path : paths(stage)) {
            try {
                whole(path, stage, Snapshot::version);
                return path;
            } catch (FileNotFoundException | CorruptSnapshotException e) {
                return path;
            } catch (OtherVersionException e) {
                LOG.info("{} is {}; left as it is", path, e.getMessage());
            }
        }
        throw new StorageException(
                Text.of("the stage store has no free place for %s in %s", stage, folder), null);
    }

    /**
     * Gives a finished file its name unless the name is taken. A distributed file system's rename
     * does just that; the local one's replaces what is there, a link does not.
     */
    private boolean publish(Path beside, Path target) {
        return tried(
                "rename " + beside,
                () -> {
                    FileSystem files = files();
                    if (files instanceof RawLocalFileSystem local) {
                        try {
                            Files.createLink(
                                    local.pathToFile(target).toPath(),
                                    local.pathToFile(beside).toPath());
                            return true;
                        } catch (FileAlreadyExistsException e) {
                            return false;
                        } catch (UnsupportedOperationException | FileSystemException e) {
                            LOG.debug("{} has no links, renaming", target.getParent(), e);
                        }
                    }
                    return files.rename(beside, target);
                });
    }

    private boolean sameBitsAreThere(Path path, String stage, String ours) {
        try {
            String there = whole(path, stage, Snapshot::check).bits();
            if (!there.equals(ours)) {
                throw new IllegalStateException(
                        Text.of(
                                "stage %s was made before with other bits (%s, now %s): something"
                                        + " that determines bits is not in its name; the first is"
                                        + " kept in %s",
                                stage, there.substring(0, 8), ours.substring(0, 8), path));
            }
            return true;
        } catch (FileNotFoundException | OtherVersionException e) {
            return false;
        } catch (CorruptSnapshotException e) {
            setAside(path, e);
            return false;
        }
    }

    private void setAside(Path damaged, CorruptSnapshotException why) {
        LOG.warn("{} is not usable, {}; set aside and made again", damaged, why.getMessage());
        Path aside = new Path(damaged.getParent(), "_damaged." + UUID.randomUUID());
        try {
            patience.run("rename " + damaged, () -> files().rename(damaged, aside));
        } catch (FileNotFoundException e) {
            LOG.debug("{} was set aside by another reader", damaged, e);
        }
    }

    /** A file that may stay without harm. */
    private void remove(Path beside) {
        try {
            files().delete(beside, false);
        } catch (IOException e) {
            LOG.debug("{} stays", beside, e);
        }
    }

    /** An action for which a file that is not there is a failure like any other. */
    private <T> T tried(String what, Patience.Action<T> action) {
        try {
            return patience.run(
                    what,
                    () -> {
                        try {
                            return action.run();
                        } catch (FileNotFoundException e) {
                            throw new IOException(e.getMessage(), e);
                        }
                    });
        } catch (FileNotFoundException e) {
            throw new AssertionError("it was wrapped", e);
        }
    }

    /** Without Hadoop's checksum files, which a kill can leave behind; snapshots have their own. */
    private FileSystem files() throws IOException {
        FileSystem files = folder.getFileSystem(configuration);
        return files instanceof LocalFileSystem local ? local.getRaw() : files;
    }

    /** Where a snapshot may be: its own place, or beside what another version left there. */
    private List<Path> paths(String stage) {
        Path shelf = new Path(folder, stage.substring(0, 2));
        return List.of(
                new Path(shelf, stage + ".snapshot"),
                new Path(shelf, Text.of("%s.v%d.snapshot", stage, Snapshot.VERSION)));
    }
}
