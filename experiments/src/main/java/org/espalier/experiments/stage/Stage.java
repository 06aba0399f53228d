// SPDX-License-Identifier: Apache-2.0
package org.espalier.experiments.stage;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An operation in its place: what it is applied to and what it does. Its name is the first 32 hex
 * digits of SHA-256 of the parent's name, a line feed and the operation's canonical text, so equal
 * work has equal names, in every sweep and on every machine.
 */
public final class Stage implements Serializable {
    private static final long serialVersionUID = 1;

    private final Stage parent;
    private final Operation operation;
    private final String name;

    private Stage(Stage parent, Operation operation) {
        this.parent = parent;
        this.operation = operation;
        String parentName = parent == null ? "" : parent.name;
        this.name = hash(parentName + "\n" + operation.canonicalText());
    }

    /** A stage that starts from nothing. */
    public static Stage root(Operation.Initialise operation) {
        return new Stage(null, operation);
    }

    /** The stage that applies {@code next} to what this one leaves. */
    public Stage then(Operation next) {
        return new Stage(this, next);
    }

    /** This stage, a training, with another number of epochs. */
    Stage withEpochs(int epochs) {
        Operation.Train train = (Operation.Train) operation;
        return new Stage(
                parent,
                new Operation.Train(
                        train.phase(), train.training().withEpochs(epochs), train.state()));
    }

    /**
     * Stages from which this one can be continued, nearest first: the same training with fewer
     * epochs. Empty where the operation is no training.
     */
    public List<Stage> shorter() {
        if (!(operation instanceof Operation.Train train)) {
            return List.of();
        }
        List<Stage> shorter = new ArrayList<>();
        for (int epochs = train.training().epochs() - 1; epochs >= 1; epochs--) {
            shorter.add(withEpochs(epochs));
        }
        return shorter;
    }

    public String name() {
        return name;
    }

    public Operation operation() {
        return operation;
    }

    public Optional<Stage> parent() {
        return Optional.ofNullable(parent);
    }

    /** The operation that everything of this stage started from. */
    public Operation.Initialise root() {
        return parent == null ? (Operation.Initialise) operation : parent.root();
    }

    /** All stages from the root to this one. */
    public List<Stage> path() {
        Deque<Stage> path = new ArrayDeque<>();
        for (Stage stage = this; stage != null; stage = stage.parent) {
            path.addFirst(stage);
        }
        return List.copyOf(path);
    }

    /** First 32 hex digits of SHA-256 of the text in UTF-8. */
    static String hash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
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
}
