// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.IOException;
import org.apache.hadoop.fs.Path;

/**
 * Replaces a folder by another one so that, whenever the process is killed, the next start finds
 * either the old folder or the new one, complete. The steps, for a folder F:
 *
 * <pre>
 *   1  fill  _F.building           killed here: removed at start-up
 *   2  _F.building  to  _F.next    the new folder is complete; killed here: removed
 *   3  F            to  _F.old     killed here: step 4 is made at start-up
 *   4  _F.next      to  F          killed here: step 5 is made at start-up
 *   5  remove _F.old
 * </pre>
 */
final class FolderSwap {
    private static final int LOOKS = 10;
    private static final String BUILDING = ".building";

    private final Storage storage;
    private final FolderLock lock;
    private final Path parent;
    private final Path live;
    private final Path building;
    private final Path next;
    private final Path old;

    /** For who only reads: it replaces nothing. */
    FolderSwap(Storage storage, Path live) {
        this(storage, live, () -> {});
    }

    /**
     * @param lock of the folder's owner
     */
    FolderSwap(Storage storage, Path live, FolderLock lock) {
        this.storage = storage;
        this.lock = lock;
        this.live = live;
        parent = live.getParent();
        // an earlier owner that goes on must not fill the folder of a later one
        building = sibling(lock.epoch() == 0 ? BUILDING : BUILDING + "-" + lock.epoch());
        next = sibling(".next");
        old = sibling(".old");
    }

    /** Puts the files of a new folder into it, each of them durable. */
    interface Filling {
        void fill(Path folder) throws IOException;
    }

    /** Replaces the folder by one that {@code filling} fills. */
    void replace(Filling filling) throws IOException {
        storage.createFolder(building);
        filling.fill(building);
        storage.sync(building);
        lock.check();
        move(building, next);
        lock.check();
        move(live, old);
        try {
            lock.check(); // stopped just before that step, it moved a successor's folder
        } catch (IOException e) {
            move(old, live);
            throw e;
        }
        move(next, live);
        storage.delete(old);
    }

    /** Finishes or undoes a replacement that was cut short; for its owner alone. */
    void recover() throws IOException {
        String begins = sibling(BUILDING).getName();
        for (String name : storage.list(parent)) {
            if (name.equals(begins) || name.startsWith(begins + "-")) {
                storage.delete(new Path(parent, name));
            }
        }
        if (!storage.exists(live)) {
            if (storage.exists(next)) {
                move(next, live);
            } else if (storage.exists(old)) {
                move(old, live);
            }
        }
        storage.delete(next);
        storage.delete(old);
    }

    /**
     * Where the rows are now, for a reader that owns nothing; null where there are none. While the
     * folder is replaced the rows are in the live or the next one at every moment, but a reader may
     * look for each just when they are in the other, so it looks more than once.
     */
    Path current() throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            for (Path folder : new Path[] {live, next}) {
                if (storage.exists(folder)) {
                    return folder;
                }
            }
        }
        return storage.exists(old) ? old : null;
    }

    private void move(Path from, Path to) throws IOException {
        storage.rename(from, to);
        storage.sync(parent);
    }

    private Path sibling(String suffix) {
        return new Path(parent, "_" + live.getName() + suffix);
    }
}
