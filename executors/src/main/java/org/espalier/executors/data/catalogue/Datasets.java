// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.catalogue;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.idx.IdxFolder;
import org.espalier.executors.data.idx.IdxSet;
import org.espalier.executors.data.idx.OfficialSet;
import org.espalier.executors.data.made.DiffusionSorption;
import org.espalier.executors.data.made.GeneratedSet;
import org.espalier.executors.data.made.Strokes;
import org.espalier.experiments.text.NearMatch;
import org.espalier.results.text.Text;

/**
 * The catalogue of data sets: those made here, and those in sub-folders of a data folder. What is
 * loaded stays in memory, once per JVM and fingerprint, whichever catalogue or thread asked for it.
 *
 * <p>A sub-folder is a data set by its name if that matches {@code [a-z0-9][a-z0-9.-]*} and it
 * holds one pair of IDX files for training and one for testing. The files of {@code mnist} and
 * {@code fashion-mnist} must be the published ones. Names of sets that are made here are taken; a
 * folder of such a name is not looked at. The files may lie in {@code raw} below it, and a folder
 * in capitals is the set of its name in small letters, so that a folder of torchvision's is read as
 * it is. Thread safe.
 */
public final class Datasets {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]*");
    private static final List<GeneratedSet> GENERATED =
            List.of(new DiffusionSorption(), new Strokes());
    private static final Map<String, Slot> LOADED = new ConcurrentHashMap<>();

    /** One data set of this JVM; its monitor is held while it is being loaded. */
    private static final class Slot {
        private Dataset dataset;
    }

    private interface Loading {
        Dataset load() throws BadDataException;
    }

    private final Optional<String> dataFolder;
    private final Configuration configuration;
    private final Map<String, IdxSet> scanned = new ConcurrentHashMap<>();

    /**
     * A catalogue that reads each file set once: what has been scanned is taken to stay as it is.
     *
     * @param dataFolder local path or Hadoop URI; it is not looked at before it is needed
     * @param configuration of the Hadoop file systems
     */
    public Datasets(Optional<String> dataFolder, Configuration configuration) {
        this.dataFolder = dataFolder;
        this.configuration = configuration;
    }

    /** A catalogue on file systems that need no settings. */
    public Datasets(Optional<String> dataFolder) {
        this(dataFolder, new Configuration());
    }

    /**
     * All names with a line on each, sorted: what is made here, what is published even where it is
     * not there yet, and what else is in the data folder.
     *
     * @throws BadDataException if a data folder was given that cannot be listed
     */
    public SortedMap<String, String> names() throws BadDataException {
        SortedMap<String, String> names = new TreeMap<>();
        for (GeneratedSet set : GENERATED) {
            names.put(set.info().name(), set.summary());
        }
        for (OfficialSet set : OfficialSet.ALL) {
            names.put(set.name(), set.title() + "; in files, not found here");
        }
        if (dataFolder.isPresent()) {
            for (Map.Entry<String, DataFile> found : setFolders().entrySet()) {
                String name = found.getKey();
                if (generated(name).isEmpty() && NAME.matcher(name).matches()) {
                    IdxFolder files = IdxFolder.in(found.getValue());
                    if (!files.isEmpty()) {
                        String title =
                                OfficialSet.of(name).map(OfficialSet::title).orElse("IDX images");
                        names.put(name, Text.of("%s; in %s", title, files.folder()));
                    }
                }
            }
        }
        return Collections.unmodifiableSortedMap(names);
    }

    /**
     * Names of the folders in the data folder, whatever they hold.
     *
     * @throws BadDataException if a data folder was given that cannot be listed
     */
    public Set<String> folders() throws BadDataException {
        return dataFolder.isEmpty() ? Set.of() : Set.copyOf(setFolders().keySet());
    }

    /**
     * What a plan must know of a data set. Files are read and checked, but not kept; a set that is
     * made here is not made.
     *
     * @throws BadDataException if there is no such data set or its files cannot be used
     */
    public DatasetInfo info(String name) throws BadDataException {
        Optional<GeneratedSet> made = generated(name);
        return made.isPresent() ? made.get().info() : files(name).info();
    }

    /**
     * The data set; shared, so nothing in it may be changed.
     *
     * @throws BadDataException if there is no such data set or its files cannot be used
     */
    public Dataset load(String name) throws BadDataException {
        Optional<GeneratedSet> made = generated(name);
        if (made.isPresent()) {
            return once(made.get().info(), made.get()::make);
        }
        IdxSet files = files(name);
        return once(files.info(), files::load);
    }

    /**
     * The label that each class has in the files, which need not start at 0; for a set that is made
     * here the class itself; empty for a regression.
     *
     * @throws BadDataException if there is no such data set or its files cannot be used
     */
    public List<Integer> originalLabels(String name) throws BadDataException {
        Optional<GeneratedSet> made = generated(name);
        if (made.isEmpty()) {
            return files(name).labels();
        }
        return switch (made.get().info().loss()) {
            case SOFTMAX_CROSS_ENTROPY ->
                    IntStream.range(0, made.get().info().outputs()).boxed().toList();
            case SQUARED_ERROR -> List.of();
        };
    }

    private static Dataset once(DatasetInfo info, Loading loading) throws BadDataException {
        Slot slot = LOADED.computeIfAbsent(info.fingerprint(), f -> new Slot());
        synchronized (slot) {
            if (slot.dataset == null) {
                slot.dataset = loading.load();
            }
            Dataset loaded = slot.dataset;
            return loaded.info().equals(info)
                    ? loaded
                    : new Dataset(info, loaded.train(), loaded.test()); // same bits, other name
        }
    }

    private static Optional<GeneratedSet> generated(String name) {
        return GENERATED.stream().filter(set -> set.info().name().equals(name)).findFirst();
    }

    private IdxSet files(String name) throws BadDataException {
        IdxSet known = scanned.get(name);
        return known == null ? scan(name) : known;
    }

    private IdxSet scan(String name) throws BadDataException {
        Optional<OfficialSet> official = OfficialSet.of(name);
        if (dataFolder.isEmpty()) {
            if (official.isPresent()) {
                throw new BadDataException(
                        Reason.NOT_FOUND,
                        Text.of(
                                "data set \"%s\" is in files: expected --data FOLDER with %s/ in it, got none",
                                name, name));
            }
            throw unknown(name, names().keySet());
        }
        DataFile root = DataFile.at(dataFolder.get(), configuration);
        Optional<DataFile> folder =
                NAME.matcher(name).matches()
                        ? Optional.ofNullable(setFolders().get(name))
                        : Optional.empty();
        if (folder.isPresent()) {
            IdxSet scan = IdxSet.scan(name, IdxFolder.in(folder.get()), official);
            scanned.put(name, scan);
            return scan;
        }
        if (official.isPresent()) {
            throw new BadDataException(
                    Reason.NOT_FOUND,
                    Text.of(
                            "data set \"%s\": expected a folder %s in %s, got none; `espalier data fetch %s` downloads it",
                            name, name, root, name));
        }
        throw unknown(name, names().keySet());
    }

    /**
     * The folders in the data folder, by what they are called in sweeps. Where two are called
     * alike, the one of the very name and not the one that torchvision calls so, {@code
     * FashionMNIST}.
     */
    private Map<String, DataFile> setFolders() throws BadDataException {
        Map<String, DataFile> folders = new HashMap<>();
        for (DataFile child : DataFile.at(dataFolder.orElseThrow(), configuration).children()) {
            String name = nameOf(child);
            if (child.folder() && (child.name().equals(name) || !folders.containsKey(name))) {
                folders.put(name, child);
            }
        }
        return folders;
    }

    /**
     * What a folder is called in sweeps: its name, or that of the set which torchvision calls so.
     */
    private static String nameOf(DataFile folder) {
        String name = folder.name();
        if (NAME.matcher(name).matches()) {
            return name;
        }
        String bare = name.toLowerCase(Locale.ROOT);
        return OfficialSet.ALL.stream()
                .map(OfficialSet::name)
                .filter(official -> official.replace("-", "").equals(bare))
                .findFirst()
                .orElse(bare);
    }

    private BadDataException unknown(String name, Collection<String> known) {
        String hint =
                NearMatch.of(name, known)
                        .map(it -> Text.of(" did you mean \"%s\"?", it))
                        .orElse("");
        String folder =
                dataFolder
                        .map(it -> Text.of("other names are folders with IDX files in %s", it))
                        .orElse("sets in files need --data FOLDER");
        return new BadDataException(
                Reason.UNKNOWN_NAME,
                Text.of(
                        "unknown data set \"%s\";%s known: %s; %s",
                        name, hint, String.join(", ", known), folder));
    }
}
