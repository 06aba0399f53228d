// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.idx.IdxFile;
import org.espalier.executors.data.idx.IdxFolder;
import org.espalier.executors.data.idx.IdxPart;
import org.espalier.executors.data.idx.OfficialSet;
import org.espalier.executors.data.idx.OfficialSet.OfficialFile;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/**
 * Downloads a published data set from the first mirror that has it. A file is written beside its
 * place, compared with the published size and SHA-256, forced to disk and then renamed, so its name
 * never stands for half a file, an error page or other bytes. What is there already is checked and
 * kept, packed or not. Proxies are those of the environment ({@code https_proxy}, {@code
 * no_proxy}), or of the JVM ({@code https.proxyHost}).
 */
public final class DatasetFetcher {

    /** Told as bytes arrive. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Some bytes came.
         *
         * @param file name of the file
         * @param bytes of it so far; starts again when another mirror is asked
         * @param total bytes of it in the end
         */
        void arrived(String file, long bytes, long total);
    }

    /** What became of a file. */
    public enum Outcome {
        /** It was there and is the published one. */
        PRESENT,
        /** It was downloaded. */
        FETCHED
    }

    private final List<OfficialSet> sets;
    private final Download download;
    private final Progress progress;

    /**
     * A fetcher of the published sets.
     *
     * @param timeout how long a mirror may take to connect, and to send the next bytes
     */
    public DatasetFetcher(Duration timeout, Progress progress) {
        this(OfficialSet.ALL, timeout, Proxies.ofThisProcess(), progress);
    }

    DatasetFetcher(List<OfficialSet> sets, Duration timeout, Proxies proxies, Progress progress) {
        this.sets = sets;
        this.download = new Download(timeout, proxies);
        this.progress = progress;
    }

    /** Names of the sets that can be fetched. */
    public List<String> names() {
        return sets.stream().map(OfficialSet::name).toList();
    }

    /**
     * Brings the files of a set into {@code dataFolder/name}, which is made if need be. Files that
     * were complete before another one failed stay.
     *
     * @return what became of each file, by its name
     * @throws BadDataException if the name is unknown, a file is there that is not the published
     *     one, or no mirror gave a file; the message then has a line for each mirror
     */
    public Map<String, Outcome> fetch(String name, Path dataFolder) throws BadDataException {
        OfficialSet set =
                sets.stream()
                        .filter(s -> s.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(name));
        Path folder = dataFolder.resolve(name).toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BadDataException(
                    Reason.UNREADABLE, Text.of("%s: cannot be made: %s", folder, e), e);
        }
        IdxFolder present = new IdxFolder(DataFile.at(folder));
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (IdxPart part : IdxPart.values()) {
            Optional<DataFile> file = present.find(part);
            if (file.isPresent()) {
                checkPresent(set, part, file.get());
                outcomes.put(file.get().name(), Outcome.PRESENT);
            } else {
                String published = part.usualName() + ".gz";
                fetch(set, part, folder.resolve(published));
                outcomes.put(published, Outcome.FETCHED);
            }
        }
        return outcomes;
    }

    private BadDataException unknown(String name) {
        String hint =
                NearMatch.of(name, names())
                        .map(it -> Text.of(" did you mean \"%s\"?", it))
                        .orElse("");
        return new BadDataException(
                Reason.UNKNOWN_NAME,
                Text.of(
                        "cannot fetch \"%s\";%s known: %s",
                        name, hint, String.join(", ", names())));
    }

    private static void checkPresent(OfficialSet set, IdxPart part, DataFile file)
            throws BadDataException {
        try {
            set.check(file, part, IdxFile.scan(file, part.kind()));
        } catch (BadDataException e) {
            throw new BadDataException(
                    e.reason(), e.getMessage() + "; remove the file and fetch again", e);
        }
    }

    private void fetch(OfficialSet set, IdxPart part, Path target) throws BadDataException {
        String name = target.getFileName().toString();
        OfficialFile published = set.files().get(part);
        List<String> failures = new ArrayList<>();
        for (var mirror : set.mirrors()) {
            var address = mirror.resolve(name);
            Path beside = target.resolveSibling(Text.of("_%s.%s.part", name, UUID.randomUUID()));
            try {
                download.to(
                        address,
                        beside,
                        published.bytes(),
                        published.gzipSha256(),
                        bytes -> progress.arrived(name, bytes, published.bytes()));
                publish(beside, target);
                return;
            } catch (IOException e) {
                failures.add(
                        Text.of(
                                "%n  %s: %s%s",
                                address, Download.why(e), download.proxies().through(address)));
            } finally {
                remove(beside);
            }
        }
        throw new BadDataException(
                Reason.DOWNLOAD,
                Text.of(
                                "%s: expected it from one of %d mirrors, got it from none",
                                target, failures.size())
                        + failures.stream().collect(Collectors.joining()));
    }

    private static void publish(Path beside, Path target) throws IOException {
        try (FileChannel file = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Some systems cannot force a folder; the rename itself is done.
            return;
        }
    }

    private static void remove(Path beside) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException e) {
            // A file that starts with _ is never taken for data.
            return;
        }
    }
}
