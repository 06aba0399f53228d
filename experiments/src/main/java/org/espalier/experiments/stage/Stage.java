// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.experiments.recipe.Recipe;
import org.espalier.experiments.recipe.Step;
import org.espalier.experiments.stage.operation.Data;
import org.espalier.experiments.stage.operation.Initialise;
import org.espalier.experiments.stage.operation.Measure;
import org.espalier.experiments.stage.operation.Operation;
import org.espalier.experiments.stage.operation.Train;

/**
 * An operation in its place: what it is applied to and what it does. Stages form a graph without
 * cycles. The first input is the network that the operation works on, others are what it looks at
 * or borrows: the data, an older network, another cell's mask.
 *
 * <p>The name is the first 32 hex digits of SHA-256 of the inputs' names and the operation's
 * canonical text, a line each, so equal work has equal names, in every sweep and on every machine.
 * A training that goes on where one of the same phase stopped is named as the one longer training
 * that both are together: how a training is cut makes no difference.
 */
public final class Stage implements Serializable {
    private static final long serialVersionUID = 2;

    private final transient List<Stage> inputs;
    private final transient Operation operation;
    private final transient String name;

    private Stage(Operation operation, List<Stage> inputs) {
        this.operation = operation;
        this.inputs = List.copyOf(inputs);
        this.name = nameOf();
    }

    /** A stage that starts from nothing. */
    public static Stage of(Operation operation) {
        return new Stage(operation, List.of());
    }

    /**
     * A stage on what others leave.
     *
     * @param network that it works on
     * @param others that it looks at or borrows from
     */
    public static Stage of(Operation operation, Stage network, Stage... others) {
        List<Stage> inputs = new ArrayList<>();
        inputs.add(network);
        inputs.addAll(List.of(others));
        return new Stage(operation, inputs);
    }

    private String nameOf() {
        Stage whole = wholePhase();
        return Name.ofStage(
                whole.inputs.stream().map(Stage::name).toList(), whole.operation.canonicalText());
    }

    /** This stage; a training that goes on as one that was never cut. */
    private Stage wholePhase() {
        Stage start = this;
        while (start.operation instanceof Train train
                && !start.inputs.isEmpty()
                && start.inputs.get(0).operation instanceof Train before
                && train.continues(before)
                && start.others().equals(start.inputs.get(0).others())) {
            start = start.inputs.get(0);
        }
        if (start == this) {
            return this;
        }
        Train first = (Train) start.operation;
        return new Stage(first.between(first.from(), ((Train) operation).to()), start.inputs);
    }

    /**
     * Stages from which this one, a training, can be continued, nearest first: the same phase ended
     * after fewer whole epochs. Empty where the operation is no training.
     */
    public List<Stage> shorter() {
        Stage whole = wholePhase();
        if (!(whole.operation instanceof Train train)) {
            return List.of();
        }
        List<Stage> shorter = new ArrayList<>();
        long last = train.to().wholeEpochs(train.epoch());
        if (Step.epochs(last).equals(train.to())) {
            last--;
        }
        for (long epochs = last; epochs > 0; epochs--) {
            Step end = Step.epochs(epochs);
            if (end.compare(train.from(), train.epoch()) <= 0) {
                break;
            }
            shorter.add(new Stage(train.between(train.from(), end), whole.inputs));
        }
        return shorter;
    }

    /**
     * This training as the continuation of a shorter one of its phase; the same network, so the
     * same name.
     *
     * @throws IllegalArgumentException if the other is not a beginning of this one
     */
    public Stage continuing(Stage shorter) {
        Stage whole = wholePhase();
        if (whole.operation instanceof Train train && shorter.operation instanceof Train before) {
            List<Stage> after = new ArrayList<>(whole.inputs);
            after.set(0, shorter);
            Stage made =
                    new Stage(
                            train.with(Recipe.OptimizerState.KEPT).between(before.to(), train.to()),
                            after);
            if (made.name.equals(name)) {
                return made;
            }
        }
        throw new IllegalArgumentException(shorter + " is not a beginning of " + this);
    }

    /** Name of the phase that this training is a part of, whatever its end. */
    String phaseName() {
        Stage whole = wholePhase();
        Train train = (Train) whole.operation;
        return new Stage(train.between(train.from(), train.from()), whole.inputs).name;
    }

    public String name() {
        return name;
    }

    public Operation operation() {
        return operation;
    }

    /** All inputs, the network first. */
    public List<Stage> inputs() {
        return inputs;
    }

    /** What the operation works on; empty where it starts from nothing. */
    public Optional<Stage> network() {
        return inputs.isEmpty() ? Optional.empty() : Optional.of(inputs.get(0));
    }

    /** Inputs but the first. */
    public List<Stage> others() {
        return inputs.isEmpty() ? inputs : inputs.subList(1, inputs.size());
    }

    /** Whether the stage leaves a network, and not samples or findings alone. */
    public boolean leavesNetwork() {
        return !(operation instanceof Data) && !(operation instanceof Measure);
    }

    /**
     * The data that the operation sees, or that the network it works on saw last; empty if none.
     */
    public Optional<Stage> data() {
        for (Stage stage = this; stage != null; stage = stage.network().orElse(null)) {
            if (stage.operation instanceof Data) {
                return Optional.of(stage);
            }
            for (Stage other : stage.others()) {
                if (other.operation instanceof Data) {
                    return Optional.of(other);
                }
            }
        }
        return Optional.empty();
    }

    /** How the network started. */
    public Initialise initial() {
        Stage stage = this;
        while (!stage.inputs.isEmpty()) {
            stage = stage.inputs.get(0);
        }
        return (Initialise) stage.operation;
    }

    /** All stages that this one rests on and itself, each once and after its inputs. */
    public List<Stage> path() {
        Map<String, Stage> done = new LinkedHashMap<>();
        Deque<Stage> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            Stage stage = open.peek();
            Stage next = null;
            for (Stage input : stage.inputs) {
                if (!done.containsKey(input.name)) {
                    next = input;
                    break;
                }
            }
            if (next == null) {
                done.putIfAbsent(stage.name, stage);
                open.pop();
            } else {
                open.push(next);
            }
        }
        return List.copyOf(done.values());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stage stage && stage.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return operation.verb() + " " + name.substring(0, 8);
    }

    /** A graph crosses as a list: a long chain would overflow the stack of the serialiser. */
    private Object writeReplace() {
        List<Stage> path = path();
        List<Operation> operations = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        for (Stage stage : path) {
            operations.add(stage.operation);
            places.add(stage.inputs.stream().mapToInt(path::indexOf).toArray());
        }
        return new Listed(operations.toArray(Operation[]::new), places.toArray(int[][]::new), name);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a stage crosses as a list of operations");
    }

    /**
     * A stage and all it rests on.
     *
     * @param inputs places of each stage's inputs
     */
    private record Listed(Operation[] operations, int[][] inputs, String name)
            implements Serializable {
        private Object readResolve() throws InvalidObjectException {
            List<Stage> made = new ArrayList<>();
            for (int s = 0; s < operations.length; s++) {
                List<Stage> of = new ArrayList<>();
                for (int place : inputs[s]) {
                    of.add(made.get(place));
                }
                made.add(new Stage(operations[s], of));
            }
            Stage last = made.get(made.size() - 1);
            if (!last.name.equals(name)) {
                throw new InvalidObjectException(
                        "stage " + name + " is called " + last.name + " here: other jars?");
            }
            return last;
        }
    }
}
