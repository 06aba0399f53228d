// SPDX-License-Identifier: Apache-2.0
package org.espalier.driver.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.util.Utils;
import org.espalier.driver.UsageException;
import org.espalier.executors.machine.BadMachineException;
import org.espalier.results.text.Text;

/**
 * What Spark takes for granted of the machine it is started on, looked at before it is started:
 * where something is missing Spark ends the process, or tries for a minute.
 */
final class Premises {
    private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
    private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MOST_PORT = 65_535;

    private Premises() {}

    /**
     * Looks at all of it.
     *
     * @param master that Spark will be given
     * @param settings Spark's, by key
     * @param environment of this process
     * @throws BadMachineException if this machine lacks something
     * @throws UsageException if a setting or the master is of no use
     */
    static void check(
            String master, Map<String, String> settings, Map<String, String> environment) {
        checkHostName(master, environment);
        checkLocalFolders(settings, environment);
        checkMaster(master);
    }

    /** A run on this machine alone needs no address that others reach. */
    private static void checkHostName(String master, Map<String, String> environment) {
        if (environment.containsKey("SPARK_LOCAL_IP")
                || environment.containsKey("SPARK_LOCAL_HOSTNAME")) {
            return;
        }
        try {
            InetAddress.getLocalHost();
        } catch (UnknownHostException e) {
            if (!master.startsWith("local")) {
                throw new BadMachineException(
                        Text.of(
                                "the name of this host does not resolve (%s): set SPARK_LOCAL_IP to an address by which executors reach it",
                                Text.firstLine(e)),
                        e);
            }
            Utils.setCustomHostname("localhost");
        }
    }

    /** Of several folders Spark needs one. */
    private static void checkLocalFolders(
            Map<String, String> settings, Map<String, String> environment) {
        String source = "SPARK_LOCAL_DIRS";
        String folders = environment.get(source);
        if (folders == null) {
            source = "spark.local.dir";
            folders = settings.get(source);
        }
        if (folders == null) {
            source = "the temporary folder";
            folders = System.getProperty("java.io.tmpdir");
        }
        List<String> reasons = new ArrayList<>();
        for (String folder : folders.split(",")) {
            Optional<String> why = hindrance(folder.strip());
            if (why.isEmpty()) {
                return;
            }
            reasons.add(why.get());
        }
        throw new UsageException(
                Text.of(
                        "%s: expected a folder that can be written, for Spark's own files, got %s (%s); set SPARK_LOCAL_DIRS to one",
                        source, folders, String.join("; ", reasons)));
    }

    private static Optional<String> hindrance(String folder) {
        try {
            Path path = Path.of(folder);
            if (Files.exists(path) && !Files.isDirectory(path)) {
                return Optional.of("a file");
            }
            Files.createDirectories(path);
            Files.delete(Files.createTempDirectory(path, "espalier"));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            boolean plain = e instanceof FileSystemException file && file.getReason() != null;
            return Optional.of(
                    plain
                            ? ((FileSystemException) e).getReason()
                            : e.getClass().getSimpleName().replace("Exception", ""));
        }
    }

    /** Of several masters one must answer; Spark itself finds out after a minute that none does. */
    private static void checkMaster(String master) {
        Matcher standalone = STANDALONE.matcher(master);
        if (!standalone.matches()) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        for (String address : standalone.group(1).split(",")) {
            Matcher parts = ADDRESS.matcher(address);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > MOST_PORT) {
                return; // Spark says what it expects
            }
            String why = silence(parts.group(1), Integer.parseInt(parts.group(2)));
            if (why.isEmpty()) {
                return;
            }
            reasons.add(why);
        }
        throw new UsageException(
                Text.of(
                        "--master %s: no Spark master answers there (%s); start it, or name the one that its log or page shows",
                        master, String.join("; ", reasons)));
    }

    private static String silence(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port);
        if (address.isUnresolved()) {
            return "host " + host + " is not known";
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return "";
        } catch (IOException e) {
            return Text.firstLine(e);
        }
    }
}
