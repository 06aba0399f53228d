// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector.kernels;

/**
 * The same of a compressed matrix, or of a part of each of its rows: output r meets the weights k
 * in [from(r), to(r)), of which weight k has slot {@code order[k]} and meets row {@code xSteps[k] +
 * shift} of the inputs. Made once for each mask.
 *
 * @param rows number of outputs
 * @param outStep rows from one output to the next
 * @param order slot of each weight, output by output; given away
 * @param xSteps row of each weight's input; given away
 * @param segments where parts of the order begin, segmentRow for each output; given away
 * @param segmentRow from one output's segments to the next's
 * @param first segment of each output with which the part begins
 * @param last segment of each output before which it ends
 * @param shift rows to add to each of xSteps
 */
public record SparseProduct(
        int rows,
        int outStep,
        int[] order,
        int[] xSteps,
        int[] segments,
        int segmentRow,
        int first,
        int last,
        int shift) {

    /** Checks that every output has the segments. */
    public SparseProduct {
        if (first < 0
                || last < first
                || last >= segmentRow
                || segments.length < rows * segmentRow) {
            throw new IllegalArgumentException(
                    "segments "
                            + first
                            + " to "
                            + last
                            + " of "
                            + segmentRow
                            + " in each of "
                            + rows
                            + " rows of "
                            + segments.length);
        }
    }

    /** The first weight of output r. */
    public int from(int r) {
        return segments[r * segmentRow + first];
    }

    /** The weight after the last of output r. */
    public int to(int r) {
        return segments[r * segmentRow + last];
    }
}
