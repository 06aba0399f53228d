// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The engines of this JVM, found as services; making one loads no native code. */
public final class Engines {
    private static final Map<String, Engine> FOUND = find();

    private Engines() {}

    private static Map<String, Engine> find() {
        Map<String, Engine> found = new LinkedHashMap<>();
        for (Engine engine : ServiceLoader.load(Engine.class, Engine.class.getClassLoader())) {
            found.put(engine.id(), engine);
        }
        return found;
    }

    /** Names of all engines. */
    public static List<String> ids() {
        return List.copyOf(FOUND.keySet());
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
                    "unknown engine \"%s\"; known: %s".formatted(id, String.join(", ", ids())));
        }
        return engine;
    }
}
