// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.stage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
import org.espalier.executors.stage.Snapshot.CorruptSnapshotException;
import org.espalier.results.text.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of stages by their names, in a folder that outlives a sweep: what one sweep has
 * trained, a later one finds. Files are written beside and renamed, so a reader sees a whole file
 * or none; a file that does not fit its own checksum counts as absent and is set aside.
 *
 * <p>The first writer of a stage wins. A second one with the same bits is ignored, one with other
 * bits is an error: a stage's name determines its bits.
 */
public final class StageStore {
    private static final Logger LOG = LoggerFactory.getLogger(StageStore.class);

    private final Path folder;
    private final Configuration configuration;

    /**
     * @param folder URI of a Hadoop file system; made when first written to
     */
    public StageStore(String folder, Configuration configuration) {
        this.folder = new Path(folder);
        this.configuration = configuration;
    }

    /** Whether there is a snapshot of this stage; its content is not looked at. */
    public boolean contains(String stage) throws IOException {
        return files().exists(path(stage));
    }

    /** The network as that stage left it; empty if it is not here, or its file is damaged. */
    public Optional<NetworkState> read(String stage) throws IOException {
        Optional<byte[]> file = bytes(stage);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Snapshot.decode(stage, file.get()));
        } catch (CorruptSnapshotException e) {
            setAside(stage, e);
            return Optional.empty();
        }
    }

    /**
     * Keeps a network under a stage's name.
     *
     * @throws IllegalStateException if the store has other bits under this name
     */
    public void write(String stage, NetworkState state) throws IOException {
        byte[] made = Snapshot.encode(stage, state);
        Path target = path(stage);
        FileSystem files = files();
        files.mkdirs(target.getParent());
        Path beside = new Path(target.getParent(), "_" + stage + "." + UUID.randomUUID());
        try {
            try (FSDataOutputStream out = files.create(beside, false)) {
                out.write(made);
                out.hsync();
            }
            boolean kept = sameBitsAreThere(stage, made) || publish(files, beside, target);
            if (!kept && !sameBitsAreThere(stage, made)) {
                throw new IOException(Text.of("cannot rename %s to %s", beside, target));
            }
        } finally {
            files.delete(beside, false);
        }
    }

    /**
     * Gives a finished file its name unless the name is taken. A distributed file system's rename
     * does just that; the local one's replaces what is there, a link does not.
     */
    private static boolean publish(FileSystem files, Path beside, Path target) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            try {
                Files.createLink(
                        local.pathToFile(target).toPath(), local.pathToFile(beside).toPath());
                return true;
            } catch (FileAlreadyExistsException e) {
                return false;
            } catch (UnsupportedOperationException | FileSystemException e) {
                LOG.debug("{} has no links, renaming", target.getParent(), e);
            }
        }
        return files.rename(beside, target);
    }

    private boolean sameBitsAreThere(String stage, byte[] made) throws IOException {
        Optional<byte[]> file = bytes(stage);
        if (file.isEmpty()) {
            return false;
        }
        try {
            String there = Snapshot.header(stage, file.get()).bits();
            String ours = Snapshot.header(stage, made).bits();
            if (!there.equals(ours)) {
                throw new IllegalStateException(
                        Text.of(
                                "stage %s was made before with other bits (%s, now %s): something that"
                                        + " determines bits is not in its name; the first is kept in %s",
                                stage, there.substring(0, 8), ours.substring(0, 8), path(stage)));
            }
            return true;
        } catch (CorruptSnapshotException e) {
            setAside(stage, e);
            return false;
        }
    }

    private Optional<byte[]> bytes(String stage) throws IOException {
        FileSystem files = files();
        try {
            FileStatus status = files.getFileStatus(path(stage));
            if (status.getLen() > Integer.MAX_VALUE - 8) {
                throw new IOException(
                        Text.of(
                                "%s has %d bytes, more than a snapshot can have",
                                path(stage), status.getLen()));
            }
            byte[] bytes = new byte[(int) status.getLen()];
            try (FSDataInputStream in = files.open(path(stage))) {
                in.readFully(0, bytes);
            }
            return Optional.of(bytes);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private void setAside(String stage, CorruptSnapshotException why) throws IOException {
        Path damaged = path(stage);
        LOG.warn("{} is not usable, {}; set aside and made again", damaged, why.getMessage());
        Path aside = new Path(damaged.getParent(), "_damaged." + UUID.randomUUID());
        try {
            files().rename(damaged, aside);
        } catch (FileNotFoundException e) {
            LOG.debug("{} was set aside by another reader", damaged, e);
        }
    }

    /** Without Hadoop's checksum files, which a kill can leave behind; snapshots have their own. */
    private FileSystem files() throws IOException {
        FileSystem files = folder.getFileSystem(configuration);
        return files instanceof LocalFileSystem local ? local.getRaw() : files;
    }

    private Path path(String stage) {
        return new Path(new Path(folder, stage.substring(0, 2)), stage + ".snapshot");
    }
}
