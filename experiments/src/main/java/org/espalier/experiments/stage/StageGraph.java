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
import java.util.TreeMap;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Train;

/**
 * The stages that a set of cells needs, cut into segments: runs of stages that are done in one go.
 * A segment ends where a cell ends (it gives rows), where other work starts from its network or
 * borrows from it, and where a dense training ends (a later sweep may want it). Any depth.
 *
 * <p>A training that is the beginning of a longer one becomes the longer one's input, so that
 * epochs are trained once. Data and initial weights are made wherever they are needed: that is
 * cheaper than keeping them.
 */
public final class StageGraph {

    /**
     * Stages done in one go.
     *
     * @param stages in order, at least one; each works on the network of the one before
     * @param needs segments whose snapshots this one starts from or borrows
     * @param cells that end with the last stage; their rows come from this segment
     * @param measures what is measured of the networks of its stages
     * @param leaves whether other segments, or later sweeps, start from its snapshot
     */
    public record Segment(
            List<Stage> stages,
            List<Segment> needs,
            List<PlannedCell> cells,
            List<Stage> measures,
            Leaves leaves) {
        public Segment {
            stages = List.copyOf(stages);
            needs = List.copyOf(needs);
            cells = List.copyOf(cells);
            measures = List.copyOf(measures);
        }

        /** The stage whose network the segment leaves. */
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

        /** Whether it leaves the dense network that branches start from. */
        public boolean isTrunk() {
            return leavesSnapshot() && isDense(last());
        }
    }

    /** What a segment leaves beside the rows of its cells. */
    public enum Leaves {
        SNAPSHOT,
        NOTHING
    }

    private final Map<String, Segment> segments = new LinkedHashMap<>();
    private final Map<String, List<Segment>> dependents = new HashMap<>();

    private StageGraph() {}

    /** The graph of these cells. Cells of one leaf share a segment. */
    public static StageGraph of(Collection<PlannedCell> cells) {
        return new Cutter(cells).cut();
    }

    /** Whether a stage ends a dense training, or a part of one: only trainings lie behind it. */
    private static boolean isDense(Stage stage) {
        Stage at = stage;
        while (at.operation() instanceof Train train && train.phase().equals(Train.DENSE)) {
            at = at.network().orElseThrow();
        }
        return at != stage && at.operation() instanceof Initialise;
    }

    /**
     * Whether a whole dense training lies behind the network, from a rewind on or from the start.
     */
    private static boolean endsTraining(Stage stage) {
        return stage.operation() instanceof Train train
                && train.phase().equals(Train.DENSE)
                && train.to().equals(Step.epochs(train.training().epochs()));
    }

    /** Cuts stages into segments. */
    private static final class Cutter {
        /** Every stage that leaves a network, in the form in which it is carried out, by name. */
        private final Map<String, Stage> stages = new LinkedHashMap<>();

        private final Map<String, List<PlannedCell>> endings = new LinkedHashMap<>();
        private final Map<String, Set<Stage>> measures = new HashMap<>();
        private final Map<String, Integer> followers = new HashMap<>();
        private final Set<String> borrowed = new LinkedHashSet<>();
        private final StageGraph graph = new StageGraph();

        Cutter(Collection<PlannedCell> cells) {
            for (PlannedCell cell : cells) {
                for (Stage stage : cell.leaf().path()) {
                    if (stage.leavesNetwork()) {
                        stages.putIfAbsent(stage.name(), stage);
                    }
                }
                endings.computeIfAbsent(cell.leaf().name(), k -> new ArrayList<>()).add(cell);
                for (Stage measure : cell.programme().measures()) {
                    String of = measure.network().orElseThrow().name();
                    measures.computeIfAbsent(of, k -> new LinkedHashSet<>()).add(measure);
                }
            }
            joinTrainings();
            for (Stage stage : stages.values()) {
                stage.network().ifPresent(n -> followers.merge(n.name(), 1, Integer::sum));
                stage.others().stream()
                        .filter(Stage::leavesNetwork)
                        .forEach(other -> borrowed.add(other.name()));
            }
        }

        /** Makes the longest shorter training of a phase the input of each training. */
        private void joinTrainings() {
            Map<String, TreeMap<Long, Stage>> phases = new HashMap<>();
            for (Stage stage : stages.values()) {
                if (stage.operation() instanceof Train train) {
                    phases.computeIfAbsent(stage.phaseName(), k -> new TreeMap<>())
                            .put(train.to().iterations(train.epoch()), stage);
                }
            }
            for (TreeMap<Long, Stage> phase : phases.values()) {
                Stage before = null;
                for (Map.Entry<Long, Stage> next : phase.entrySet()) {
                    Stage stage = next.getValue();
                    if (before != null) {
                        stage = stage.continuing(before);
                        stages.put(stage.name(), stage);
                    }
                    before = trainsSomething(stage) ? stage : null;
                }
            }
        }

        private static boolean trainsSomething(Stage stage) {
            Train train = (Train) stage.operation();
            return train.to().count() > 0;
        }

        StageGraph cut() {
            for (Stage stage : List.copyOf(stages.values())) {
                if (endings.containsKey(stage.name()) || leavesSnapshot(stage)) {
                    segment(stage);
                }
            }
            return graph;
        }

        private Segment segment(Stage last) {
            Segment known = graph.segments.get(last.name());
            if (known != null) {
                return known;
            }
            List<Stage> run = new ArrayList<>();
            Set<Segment> needs = new LinkedHashSet<>();
            Stage stage = last;
            while (stage != null && (stage == last || !leavesSnapshot(stage))) {
                run.add(0, stage);
                stage.others().stream()
                        .filter(other -> other.leavesNetwork() && !isInitial(other))
                        .map(other -> segment(stages.get(other.name())))
                        .forEach(needs::add);
                stage = stage.network().map(n -> stages.get(n.name())).orElse(null);
            }
            if (stage != null) {
                needs.add(segment(stage));
            }
            Segment made =
                    new Segment(
                            run,
                            List.copyOf(needs),
                            endings.getOrDefault(last.name(), List.of()),
                            run.stream()
                                    .flatMap(
                                            s -> measures.getOrDefault(s.name(), Set.of()).stream())
                                    .toList(),
                            leavesSnapshot(last) ? Leaves.SNAPSHOT : Leaves.NOTHING);
            graph.segments.put(last.name(), made);
            for (Segment need : needs) {
                graph.dependents.computeIfAbsent(need.name(), k -> new ArrayList<>()).add(made);
            }
            return made;
        }

        /** Whether others go on from this stage's snapshot. */
        private boolean leavesSnapshot(Stage stage) {
            if (isInitial(stage)) {
                return false;
            }
            int after = followers.getOrDefault(stage.name(), 0);
            return borrowed.contains(stage.name())
                    || after > 1
                    || after > 0
                            && (isDense(stage)
                                    || endsTraining(stage)
                                    || endings.containsKey(stage.name()));
        }

        private static boolean isInitial(Stage stage) {
            return stage.operation() instanceof Initialise;
        }
    }

    /** All segments, each after those it needs. */
    public List<Segment> segments() {
        return List.copyOf(segments.values());
    }

    /** Segments that leave the dense networks that branches start from. */
    public List<Segment> trunks() {
        return segments().stream().filter(Segment::isTrunk).toList();
    }

    /** Segments that need this one's snapshot. */
    public List<Segment> dependents(Segment segment) {
        return List.copyOf(dependents.getOrDefault(segment.name(), List.of()));
    }
}
