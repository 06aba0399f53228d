// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stages that a set of cells needs, cut into segments: runs of stages that are done in one go.
 * A segment ends where a cell ends (it gives rows), where work branches, and where a dense training
 * ends (it leaves a snapshot, since a later sweep may want it). Any depth.
 *
 * <p>A training that is the beginning of a longer one becomes the longer one's parent, so that
 * epochs are trained once.
 */
public final class StageTree {

    /**
     * Stages done in one go.
     *
     * @param stages in order, at least one; each the parent of the next
     * @param parent segment whose snapshot this one starts from, or null
     * @param cells that end with the last stage; their rows come from this segment
     * @param leaves whether other segments start from its snapshot
     */
    public record Segment(
            List<Stage> stages, Segment parent, List<PlannedCell> cells, Leaves leaves) {
        public Segment {
            stages = List.copyOf(stages);
            cells = List.copyOf(cells);
        }

        /** The stage whose result the segment leaves. */
        public Stage last() {
            return stages.get(stages.size() - 1);
        }

        /** Name of its last stage. */
        public String name() {
            return last().name();
        }

        /** Whether it leaves a snapshot. */
        public boolean leavesSnapshot() {
            return leaves == Leaves.SNAPSHOT;
        }
    }

    /** What a segment leaves beside the rows of its cells. */
    public enum Leaves {
        SNAPSHOT,
        NOTHING
    }

    private final Map<String, Segment> segments = new LinkedHashMap<>();
    private final Map<String, List<Segment>> children = new HashMap<>();

    private StageTree() {}

    /** The tree of these cells. Cells of one leaf share a segment. */
    public static StageTree of(Collection<PlannedCell> cells) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        Map<String, Set<String>> next = new HashMap<>();
        Map<String, List<PlannedCell>> endings = new LinkedHashMap<>();
        for (PlannedCell cell : cells) {
            for (Stage stage : cell.leaf().path()) {
                stages.putIfAbsent(stage.name(), stage);
                stage.parent()
                        .ifPresent(
                                p ->
                                        next.computeIfAbsent(p.name(), k -> new LinkedHashSet<>())
                                                .add(stage.name()));
            }
            endings.computeIfAbsent(cell.leaf().name(), k -> new ArrayList<>()).add(cell);
        }
        StageTree tree = new StageTree();
        for (Map.Entry<String, List<PlannedCell>> ending : endings.entrySet()) {
            tree.segment(stages.get(ending.getKey()), stages, next, endings);
        }
        return tree;
    }

    private Segment segment(
            Stage last,
            Map<String, Stage> stages,
            Map<String, Set<String>> next,
            Map<String, List<PlannedCell>> endings) {
        Segment known = segments.get(last.name());
        if (known != null) {
            return known;
        }
        Stage shorter =
                last.shorter().stream()
                        .filter(s -> stages.containsKey(s.name()))
                        .filter(s -> endsSegment(s, next, endings))
                        .findFirst()
                        .orElse(null);
        List<Stage> run = new ArrayList<>();
        Segment parent = null;
        if (shorter != null) {
            run.add(last);
            parent = segment(stages.get(shorter.name()), stages, next, endings);
        } else {
            Stage stage = last;
            while (stage != null && (stage == last || !endsSegment(stage, next, endings))) {
                run.add(0, stage);
                stage = stage.parent().orElse(null);
            }
            if (stage != null) {
                parent = segment(stage, stages, next, endings);
            }
        }
        Segment made =
                new Segment(
                        run,
                        parent,
                        endings.getOrDefault(last.name(), List.of()),
                        next.containsKey(last.name()) ? Leaves.SNAPSHOT : Leaves.NOTHING);
        segments.put(last.name(), made);
        if (parent != null) {
            children.computeIfAbsent(parent.name(), k -> new ArrayList<>()).add(made);
        }
        return made;
    }

    /** Whether others go on from this stage's snapshot. */
    private static boolean endsSegment(
            Stage stage, Map<String, Set<String>> next, Map<String, List<PlannedCell>> endings) {
        int following = next.getOrDefault(stage.name(), Set.of()).size();
        boolean dense =
                stage.operation() instanceof Operation.Train train
                        && train.phase().equals(Cells.DENSE);
        boolean initial = stage.operation() instanceof Operation.Initialise;
        return following > 0
                && !initial
                && (dense || following > 1 || endings.containsKey(stage.name()));
    }

    /** All segments, each after its parent. */
    public List<Segment> segments() {
        return List.copyOf(segments.values());
    }

    /** Segments that leave a snapshot. */
    public List<Segment> trunks() {
        return segments().stream().filter(Segment::leavesSnapshot).toList();
    }

    /** Segments that start from this one's snapshot. */
    public List<Segment> children(Segment segment) {
        return List.copyOf(children.getOrDefault(segment.name(), List.of()));
    }
}
