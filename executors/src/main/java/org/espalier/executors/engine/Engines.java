// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.espalier.experiments.pruning.Suitability;
import org.espalier.results.text.Text;

/**
 * The engines of this JVM, found as services in the order in which {@code auto} tries them; making
 * one loads no native code.
 */
public final class Engines {
    /** In a recipe: the first engine that can run. */
    public static final String AUTO = "auto";

    private static final Map<String, Engine> FOUND = find();

    private Engines() {}

    /**
     * An engine as it will be used, resolved where the networks will run.
     *
     * @param id of the engine
     * @param numerics its bits, part of every cell's name
     * @param remark why a faster engine was passed over; empty where none was
     */
    public record Resolved(String id, String numerics, String remark) implements Serializable {}

    private static Map<String, Engine> find() {
        Map<String, Engine> found = new LinkedHashMap<>();
        for (Engine engine : ServiceLoader.load(Engine.class, Engine.class.getClassLoader())) {
            found.put(engine.id(), engine);
        }
        return found;
    }

    /** What a recipe may ask for: {@link #AUTO}, which is the default, and every engine. */
    public static List<String> choices() {
        List<String> choices = new ArrayList<>();
        choices.add(AUTO);
        choices.addAll(FOUND.keySet());
        return choices;
    }

    /**
     * What an engine can show of networks; of {@link #AUTO}, which is not resolved yet, what any of
     * them can.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Suitability.Source source(String id) {
        if (!id.equals(AUTO)) {
            return named(id);
        }
        return (need, on) -> {
            Optional<String> lack = Optional.empty();
            for (Engine engine : FOUND.values()) {
                lack = engine.lack(need, on);
                if (lack.isEmpty()) {
                    break;
                }
            }
            return lack;
        };
    }

    /** Every engine, in the order in which {@code auto} tries them. */
    public static List<Engine> all() {
        return List.copyOf(FOUND.values());
    }

    /**
     * The engine of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Engine named(String id) {
        Engine engine = FOUND.get(id);
        if (engine == null) {
            throw new IllegalArgumentException(
                    Text.of(
                            "unknown engine \"%s\"; known: %s",
                            id, String.join(", ", FOUND.keySet())));
        }
        return engine;
    }

    /**
     * The engine that a recipe gets in this JVM.
     *
     * @param asked one of {@link #choices()}
     * @throws IllegalStateException if it cannot run here; the message says what would help
     */
    public static Resolved resolve(String asked) {
        if (!asked.equals(AUTO)) {
            Engine engine = named(asked);
            engine.hindrance()
                    .ifPresent(
                            why -> {
                                throw new IllegalStateException(
                                        Text.of("engine %s: %s", asked, why));
                            });
            return resolved(engine, "");
        }
        List<String> passedOver = new ArrayList<>();
        for (Engine engine : FOUND.values()) {
            if (engine.hindrance().isEmpty()) {
                return resolved(engine, remark(engine.id(), passedOver));
            }
            passedOver.add(engine.id() + ": " + engine.hindrance().get());
        }
        throw new IllegalStateException("no engine can run here: " + passedOver);
    }

    /**
     * What to say of an engine that was taken; empty where none was passed over.
     *
     * @param passedOver others with why, a text each
     */
    public static String remark(String taken, List<String> passedOver) {
        return passedOver.isEmpty()
                ? ""
                : Text.of("using engine %s, not %s", taken, String.join("; ", passedOver));
    }

    private static Resolved resolved(Engine engine, String remark) {
        try {
            return new Resolved(engine.id(), engine.numerics(), remark);
        } catch (LinkageError e) {
            throw new IllegalStateException(unloadable(engine.id(), e), e);
        }
    }

    /** What to say of an engine whose libraries cannot be loaded. */
    public static String unloadable(String engine, LinkageError why) {
        return Text.of(
                "engine %s cannot be loaded here: %s; its libraries are unpacked below the user's home, name another folder that allows execution with ESPALIER_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER",
                engine, Text.firstLine(why));
    }
}
