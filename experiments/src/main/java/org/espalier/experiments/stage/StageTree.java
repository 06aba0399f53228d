// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

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
        Map<String, List<PlannedCell>> endings = new LinkedHashMap<>();
        for (PlannedCell cell : cells) {
            cell.leaf().path().forEach(stage -> stages.putIfAbsent(stage.name(), stage));
            endings.computeIfAbsent(cell.leaf().name(), k -> new ArrayList<>()).add(cell);
        }
        return new Cutter(stages.values(), endings).cut();
    }

    /** Cuts stages into segments. */
    private static final class Cutter {
        private final Map<String, List<PlannedCell>> endings;
        private final Map<String, Stage> from = new HashMap<>();
        private final Map<String, Integer> following = new HashMap<>();
        private final Map<String, Stage> stages = new HashMap<>();
        private final StageTree tree = new StageTree();

        Cutter(Collection<Stage> all, Map<String, List<PlannedCell>> endings) {
            this.endings = endings;
            Map<String, NavigableMap<Integer, Stage>> trainings = new HashMap<>();
            for (Stage stage : all) {
                if (stage.operation() instanceof Operation.Train train) {
                    trainings
                            .computeIfAbsent(stage.withEpochs(0).name(), k -> new TreeMap<>())
                            .put(train.training().epochs(), stage);
                }
            }
            for (Stage stage : all) {
                stages.put(stage.name(), stage);
                Stage before = shorter(stage, trainings).or(stage::parent).orElse(null);
                if (before != null) {
                    from.put(stage.name(), before);
                    following.merge(before.name(), 1, Integer::sum);
                }
            }
        }

        /** The longest training of these that the stage goes on from. */
        private static Optional<Stage> shorter(
                Stage stage, Map<String, NavigableMap<Integer, Stage>> trainings) {
            return stage.operation() instanceof Operation.Train train
                    ? Optional.ofNullable(
                                    trainings
                                            .get(stage.withEpochs(0).name())
                                            .lowerEntry(train.training().epochs()))
                            .filter(shorter -> shorter.getKey() > 0)
                            .map(Map.Entry::getValue)
                    : Optional.empty();
        }

        StageTree cut() {
            endings.keySet().forEach(name -> segment(stages.get(name)));
            return tree;
        }

        private Segment segment(Stage last) {
            Segment known = tree.segments.get(last.name());
            if (known != null) {
                return known;
            }
            List<Stage> run = new ArrayList<>();
            Stage stage = last;
            while (stage != null && (stage == last || !leavesSnapshot(stage))) {
                run.add(0, stage);
                stage = from.get(stage.name());
            }
            Segment parent = stage == null ? null : segment(stage);
            Segment made =
                    new Segment(
                            run,
                            parent,
                            endings.getOrDefault(last.name(), List.of()),
                            leavesSnapshot(last) ? Leaves.SNAPSHOT : Leaves.NOTHING);
            tree.segments.put(last.name(), made);
            if (parent != null) {
                tree.children.computeIfAbsent(parent.name(), k -> new ArrayList<>()).add(made);
            }
            return made;
        }

        /** Whether others go on from this stage's snapshot. */
        private boolean leavesSnapshot(Stage stage) {
            int after = following.getOrDefault(stage.name(), 0);
            boolean dense =
                    stage.operation() instanceof Operation.Train train
                            && train.phase().equals(Cells.DENSE);
            boolean initial = stage.operation() instanceof Operation.Initialise;
            return after > 0
                    && !initial
                    && (dense || after > 1 || endings.containsKey(stage.name()));
        }
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
