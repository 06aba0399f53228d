// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives the gradients of a network's places their rows, in the order of the backward pass: a place
 * takes the first rows that are free when the last node that reads it is reached, and leaves them
 * when the node that wrote it is done.
 */
final class GradientRows {

    private record Piece(Place place, int first) {
        int end() {
            return first + place.rows();
        }
    }

    private final List<Piece> taken = new ArrayList<>();
    private final List<Place> unread = new ArrayList<>();
    private int rows;

    /** For nodes in the order of the forward pass, and the place of the loss. */
    GradientRows(List<Node> nodes, Place output) {
        take(output);
        unread(nodes, output).forEach(this::take);
        for (int n = nodes.size() - 1; n >= 0; n--) {
            Node node = nodes.get(n);
            for (Node.Input input : node.inputs()) {
                if (input.wanted() && !input.place().hasGradients()) {
                    take(input.place());
                }
            }
            if (!node.isInPlace()) {
                taken.removeIf(piece -> piece.place() == node.output);
            }
        }
    }

    /** Outputs that have gradients, which nobody writes. */
    private List<Place> unread(List<Node> nodes, Place output) {
        Set<Place> read = new HashSet<>(Set.of(output));
        for (int n = nodes.size() - 1; n >= 0; n--) {
            Node node = nodes.get(n);
            boolean wanted = node.inputs().stream().anyMatch(Node.Input::wanted);
            boolean has = wanted || !node.parameters().isEmpty();
            if (has && read.add(node.output)) {
                unread.add(node.output);
            }
            node.inputs().forEach(input -> read.add(input.place()));
        }
        return unread;
    }

    /** Rows of gradients in the workspace. */
    int rows() {
        return rows;
    }

    /** Places of values that nobody reads: their gradients are to be set to 0 before the pass. */
    List<Place> unread() {
        return unread;
    }

    private void take(Place place) {
        int first = 0;
        for (Piece piece : taken) {
            if (first + place.rows() <= piece.first()) {
                break;
            }
            first = piece.end();
        }
        place.placeGradients(first);
        taken.add(new Piece(place, first));
        taken.sort(Comparator.comparingInt(Piece::first));
        rows = Math.max(rows, first + place.rows());
    }
}
