// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data;

import org.espalier.experiments.network.Shape;
import org.espalier.results.text.Text;

/** Inputs of the samples of a data set; immutable and shared by all networks of a JVM. */
public sealed interface Features {

    /** Number of samples. */
    int count();

    /** Shape of one sample. */
    Shape shape();

    /** Writes sample {@code row} as floats to {@code into[at ...]}. */
    void copy(int row, float[] into, int at);

    /**
     * Bytes as they came from a file, value = unsigned byte / 255.
     *
     * @param bytes shape [count, shape.size()]; given away by its maker
     */
    record Bytes(Shape shape, byte[] bytes) implements Features {
        private static final float[] VALUES = new float[256];

        static {
            for (int b = 0; b < 256; b++) {
                VALUES[b] = b / 255f;
            }
        }

        public Bytes {
            if (bytes.length % shape.size() != 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%d bytes are no whole number of samples of %s",
                                bytes.length, shape));
            }
        }

        /** The float of an unsigned byte. */
        public static float value(byte b) {
            return VALUES[b & 0xff];
        }

        @Override
        public int count() {
            return bytes.length / shape.size();
        }

        @Override
        public void copy(int row, float[] into, int at) {
            int size = shape.size();
            int from = row * size;
            for (int i = 0; i < size; i++) {
                into[at + i] = VALUES[bytes[from + i] & 0xff];
            }
        }
    }

    /**
     * Floats.
     *
     * @param floats shape [count, shape.size()]; given away by its maker
     */
    record Floats(Shape shape, float[] floats) implements Features {
        public Floats {
            if (floats.length % shape.size() != 0) {
                throw new IllegalArgumentException(
                        Text.of(
                                "%d floats are no whole number of samples of %s",
                                floats.length, shape));
            }
        }

        @Override
        public int count() {
            return floats.length / shape.size();
        }

        @Override
        public void copy(int row, float[] into, int at) {
            System.arraycopy(floats, row * shape.size(), into, at, shape.size());
        }
    }
}
