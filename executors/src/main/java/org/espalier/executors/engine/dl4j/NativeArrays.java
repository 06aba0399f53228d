// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.dl4j;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Copies between Java's arrays and ND4J's, a block of memory at a time. */
final class NativeArrays {
    private NativeArrays() {}

    /** Fills an array whose memory is one block in its own order. */
    static void write(float[] from, INDArray to) {
        write(from, Math.toIntExact(to.length()), to);
    }

    /** The same from the first {@code size} floats. */
    static void write(float[] from, int size, INDArray to) {
        pointer(to).put(from, 0, size);
        Reference.reachabilityFence(to);
    }

    /** Reads an array row-major, whatever its order in memory. */
    static void read(INDArray from, float[] to) {
        boolean block = from.ordering() == 'c' && Shape.hasDefaultStridesForShape(from);
        INDArray rowMajor = block ? from : from.dup('c');
        pointer(rowMajor).get(to, 0, Math.toIntExact(from.length()));
        Reference.reachabilityFence(rowMajor);
    }

    /** Reads an array row-major into a new one. */
    static float[] read(INDArray from) {
        float[] to = new float[Math.toIntExact(from.length())];
        read(from, to);
        return to;
    }

    /** Reads a block of memory in its own order. */
    static void readBlock(INDArray from, float[] to) {
        pointer(from).get(to, 0, Math.toIntExact(from.length()));
        Reference.reachabilityFence(from);
    }

    private static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }
}
