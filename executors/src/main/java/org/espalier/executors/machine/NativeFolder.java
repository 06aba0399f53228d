// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.machine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.espalier.results.text.Text;

/**
 * Where native libraries are unpacked from their jars: usually in the temporary folder (that of
 * zstd, which rows are compressed by) and below the user's home (those of JavaCPP, which ND4J is
 * built on). A folder that is full, or mounted so that nothing in it can be executed, is passed
 * over for one in the store.
 */
public final class NativeFolder {
    private static final String TEMPORARY = "java.io.tmpdir";
    private static final String JAVACPP = "org.bytedeco.javacpp.cachedir";
    private static final String OURS = "_native";

    /** What the libraries of compression need, with room to spare. */
    private static final long LEAST_BYTES = 8L << 20;

    private NativeFolder() {}

    /**
     * Chooses folders for this JVM; must come before its first temporary file, after which Java
     * looks no more at the property {@code java.io.tmpdir} that this sets.
     *
     * @param store URI of the stage store, used where it is a folder of this machine
     * @return what to tell the user; empty where all is as usual
     * @throws BadMachineException if the libraries of compression can be unpacked nowhere
     */
    public static Optional<String> choose(String store) {
        return choose(
                System.getProperty(TEMPORARY), System.getProperty("user.home"), inStore(store));
    }

    static Optional<String> choose(String temporary, String home, Optional<Path> spare) {
        if (System.getProperty(JAVACPP) == null && !usable(home)) {
            spare.filter(NativeFolder::usable)
                    .ifPresent(it -> System.setProperty(JAVACPP, it.resolve("javacpp").toString()));
        }
        if (usable(temporary)) {
            return Optional.empty();
        }
        if (spare.isPresent() && usable(spare.get())) {
            System.setProperty(TEMPORARY, spare.get().toString());
            return Optional.of(
                    Text.of(
                            "temporary files go to %s: the temporary folder %s is missing, full or mounted noexec, and native libraries are loaded from there",
                            spare.get(), temporary));
        }
        String tried = temporary + spare.map(it -> " and " + it).orElse("");
        throw new BadMachineException(
                Text.of(
                        "native libraries cannot be unpacked: expected a folder in which a file of %d MB can be written and executed, got %s (missing, full, mounted noexec, or files are limited by ulimit -f); name one with ESPALIER_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                        LEAST_BYTES >> 20, tried));
    }

    static Optional<Path> inStore(String store) {
        URI uri = new org.apache.hadoop.fs.Path(store, OURS).toUri();
        boolean local = uri.getScheme() == null || uri.getScheme().equals("file");
        return local ? Optional.of(Path.of(uri.getPath())) : Optional.empty();
    }

    private static boolean usable(String folder) {
        return folder != null && Path.of(folder).isAbsolute() && usable(Path.of(folder));
    }

    /** Whether a library can be written there and executed, which is tried. */
    static boolean usable(Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = Files.createTempFile(folder, ".espalier", ".probe");
            try {
                try (RandomAccessFile growing = new RandomAccessFile(file.toFile(), "rw")) {
                    growing.setLength(LEAST_BYTES); // sparse; refused where files are limited
                }
                return file.toFile().setExecutable(true)
                        && Files.isExecutable(file) // false on a file system mounted noexec
                        && Files.getFileStore(folder).getUsableSpace() >= LEAST_BYTES;
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return false;
        }
    }
}
