// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.espalier.executors.engine.Engines;
import org.espalier.executors.stage.RunContext;
import org.espalier.executors.store.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeTest {
    @TempDir private Path folder;

    private Probe probe(Path store) {
        RunContext context =
                new RunContext(
                        "s",
                        null,
                        store.toString(),
                        Map.of("espalier.store.attempts", "1"),
                        "3.5",
                        "local",
                        "a");
        return new Probe(context, Set.of("vector", "dl4j"));
    }

    @Test
    void findsAGoodMachineGoodAfterATripAndLeavesNothing() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(probe(folder));
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((Probe) in.readObject()).run()).isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void findsAStoreThatCannotBeUsed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> probe(file.resolve("store")).run())
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith("the stage store cannot be written to, in ");
    }

    @Test
    void anEngineThatCannotBeLoadedIsOneSentence() {
        UnsatisfiedLinkError why =
                new UnsatisfiedLinkError("/t/libx.so: failed to map segment\n\tat a");

        assertThat(Engines.unloadable("dl4j", new ExceptionInInitializerError(why)))
                .isEqualTo(
                        "engine dl4j cannot be loaded here: /t/libx.so: failed to map segment; its libraries are unpacked below the user's home, name another folder that allows execution with ESPALIER_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER");
    }
}
