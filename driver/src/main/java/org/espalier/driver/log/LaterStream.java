// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Syncable;

/**
 * A stream whose place is known later: what is written before is kept, up to a limit. A place that
 * fails is given up, for a log must end no run.
 */
final class LaterStream extends OutputStream {
    private static final int MOST_KEPT = 1 << 20;
    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(5);

    private ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private OutputStream place;
    private long synced = System.nanoTime();

    /** From here on everything goes there, what was kept first. */
    synchronized void to(OutputStream where) {
        place = where;
        byte[] first = kept.toByteArray();
        kept = null;
        write(first, 0, first.length);
        flush();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
        if (kept != null) {
            if (kept.size() + count <= MOST_KEPT) {
                kept.write(bytes, from, count);
            }
        } else if (place != null) {
            try {
                place.write(bytes, from, count);
            } catch (IOException e) {
                place = null;
            }
        }
    }

    /** A file system that shows what is written only when it is told to is told now and then. */
    @Override
    public synchronized void flush() {
        if (place == null) {
            return;
        }
        try {
            place.flush();
            if (place instanceof Syncable file && System.nanoTime() - synced > SYNC_NANOS) {
                file.hflush();
                synced = System.nanoTime();
            }
        } catch (IOException e) {
            place = null;
        }
    }

    @Override
    public synchronized void close() {
        flush();
        if (place != null) {
            try {
                place.close();
            } catch (IOException e) {
                // what could be kept has been
            }
        }
        place = null;
        kept = null;
    }
}
