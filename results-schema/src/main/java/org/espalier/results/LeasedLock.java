// SPDX-License-Identifier: Apache-2.0
package org.espalier.results;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.espalier.results.text.Text;

/**
 * The lock of a folder on a distributed file system, which has no locks that fall with their
 * process: a file with its holder and an epoch, whose time of modification the holder moves on as
 * long as it lives.
 *
 * <p>Whoever finds it watches it. Where it moves, the holder lives, and the folder is refused.
 * Where it stands still for the lease, by the clock of the one who watches, or the holder was a
 * process of this host that is gone, the successor renames it away, which one of several can, and
 * puts its own with the next epoch in its place. A holder that was stopped and goes on finds
 * another holder in the file, and writes nothing more: {@link #check} is asked before every step
 * that others see.
 */
final class LeasedLock implements FolderLock {
    /** Setting of Hadoop: milliseconds after which a lock that stands still may be taken. */
    static final String LEASE = "espalier.lock.lease.millis";

    private static final Duration LEASE_DEFAULT = Duration.ofSeconds(60);
    private static final int BEATS = 6; // a lease
    private static final Pattern HOLDER =
            Pattern.compile("process (\\d+) on host (\\S+) since \\S+(?: epoch (\\d+))?");

    private final FileSystem files;
    private final Path file;
    private final String holder;
    private final long epoch;
    private final ScheduledExecutorService beats;
    private volatile boolean closed;

    private LeasedLock(FileSystem files, Path file, String holder, long epoch, long lease) {
        this.files = files;
        this.file = file;
        this.holder = holder;
        this.epoch = epoch;
        beats =
                Executors.newSingleThreadScheduledExecutor(
                        run -> {
                            Thread thread = new Thread(run, "espalier-lock");
                            thread.setDaemon(true);
                            return thread;
                        });
        beats.scheduleAtFixedRate(this::beat, lease / BEATS, lease / BEATS, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lock, which may last a lease where another holder died.
     *
     * @throws ResultsException if it is held by a process that lives
     */
    static LeasedLock acquire(FileSystem files, Path file) throws IOException {
        Configuration settings = files.getConf();
        long lease = settings.getLong(LEASE, LEASE_DEFAULT.toMillis());
        long epoch = 1;
        while (true) {
            String holder = Text.of("%s epoch %d", FolderLock.holder(), epoch);
            if (created(files, file, holder)) {
                return new LeasedLock(files, file, holder, epoch, lease);
            }
            String found = content(files, file);
            if (found == null) {
                continue; // given up this very moment
            }
            waitUntilDead(files, file, found, lease);
            epoch = Math.max(epoch, epoch(found) + 1);
            takeAway(files, file, epoch);
        }
    }

    private static boolean created(FileSystem files, Path file, String holder) throws IOException {
        FSDataOutputStream created;
        try {
            created = files.create(file, false);
        } catch (IOException e) {
            if (!files.exists(file)) {
                throw e;
            }
            return false;
        }
        try (created) {
            created.write(holder.getBytes(StandardCharsets.UTF_8));
        }
        return true;
    }

    /** Returns when the holder is dead. */
    private static void waitUntilDead(FileSystem files, Path file, String found, long lease)
            throws IOException {
        if (isDeadHere(found)) {
            return;
        }
        FileStatus first = status(files, file);
        long begun = System.nanoTime();
        while (first != null && System.nanoTime() - begun < lease * 1_000_000) {
            try {
                Thread.sleep(Math.max(1, lease / BEATS / 2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + file, e);
            }
            FileStatus now = status(files, file);
            if (now == null) {
                return; // given up
            }
            if (now.getModificationTime() != first.getModificationTime()
                    || now.getLen() != first.getLen()) {
                throw FolderLock.held(
                        file,
                        found.replaceFirst(" epoch \\d+$", ""),
                        Text.of(", which lives; wait for it, or choose another folder with --out"));
            }
        }
    }

    /** A process of this host that is gone needs no lease. */
    private static boolean isDeadHere(String found) {
        Matcher m = HOLDER.matcher(found);
        return m.matches()
                && m.group(2).equals(FolderLock.host())
                && ProcessHandle.of(Long.parseLong(m.group(1))).isEmpty();
    }

    private static long epoch(String found) {
        Matcher m = HOLDER.matcher(found);
        return m.matches() && m.group(3) != null ? Long.parseLong(m.group(3)) : 0;
    }

    /** One of several successors can rename it; the others find it gone, or a new one. */
    private static void takeAway(FileSystem files, Path file, long epoch) throws IOException {
        Path away = file.suffix(".before-" + epoch);
        try {
            if (files.rename(file, away)) {
                files.delete(away, false);
            }
        } catch (FileNotFoundException e) {
            return; // another successor was first
        }
    }

    private void beat() {
        try {
            if (!closed && holder.equals(content(files, file))) {
                long now = System.currentTimeMillis();
                files.setTimes(file, now, -1);
            }
        } catch (IOException | RuntimeException e) {
            return; // the next beat may reach it; check() tells whoever writes
        }
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void check() throws IOException {
        String found = content(files, file);
        if (!holder.equals(found)) {
            throw new ResultsException(
                    Text.of(
                            "%s was taken over by %s while this process stood still or could not reach it; it writes nothing more, and its rows so far are there",
                            file.getParent(),
                            found == null
                                    ? "nobody known"
                                    : found.replaceFirst(" epoch \\d+$", "")));
        }
    }

    @Override
    public void close() throws IOException {
        beats.shutdownNow();
        if (closed) {
            return; // closed twice, it must not remove the next holder's
        }
        closed = true;
        if (holder.equals(content(files, file))) {
            files.delete(file, false);
        }
    }

    private static FileStatus status(FileSystem files, Path file) throws IOException {
        try {
            return files.getFileStatus(file);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** What is in it; null where it is not there. */
    private static String content(FileSystem files, Path file) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (FileNotFoundException e) {
            return null;
        }
    }
}
