// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.results.text.Text;

/** A folder with one pair of IDX files for training and one for testing, found by their names. */
public final class IdxFolder {
    private static final String PACKED = ".gz";
    private static final String RAW = "raw";
    private static final int MOST_NAMED = 5;

    private final DataFile folder;
    private final Map<IdxPart, List<DataFile>> candidates = new EnumMap<>(IdxPart.class);

    public IdxFolder(DataFile folder) throws BadDataException {
        this.folder = folder;
        for (DataFile file : folder.children()) {
            if (!file.folder()) {
                IdxPart.ofName(file.name())
                        .ifPresent(
                                part ->
                                        candidates
                                                .computeIfAbsent(part, p -> new ArrayList<>())
                                                .add(file));
            }
        }
    }

    /** Where the files lie. */
    public DataFile folder() {
        return folder;
    }

    /** Whether no file here is named like a part of a data set. */
    public boolean isEmpty() {
        return candidates.isEmpty();
    }

    /**
     * The file of a part. Where it is there packed and unpacked under the same name, the unpacked
     * one.
     *
     * @throws BadDataException if several files could be meant
     */
    public Optional<DataFile> find(IdxPart part) throws BadDataException {
        List<DataFile> found = new ArrayList<>(candidates.getOrDefault(part, List.of()));
        List<String> names = found.stream().map(DataFile::name).toList();
        found.removeIf(
                file ->
                        file.name().endsWith(PACKED)
                                && names.contains(
                                        file.name()
                                                .substring(
                                                        0,
                                                        file.name().length() - PACKED.length())));
        if (found.size() > 1) {
            throw new BadDataException(
                    Reason.AMBIGUOUS,
                    Text.of(
                            "%s: expected one file with the %s, got %s",
                            folder,
                            part,
                            found.stream().map(DataFile::name).collect(Collectors.joining(", "))));
        }
        return found.stream().findFirst();
    }

    /**
     * All four files.
     *
     * @throws BadDataException if one is missing or several could be meant
     */
    public Map<IdxPart, DataFile> all() throws BadDataException {
        Map<IdxPart, DataFile> all = new EnumMap<>(IdxPart.class);
        for (IdxPart part : IdxPart.values()) {
            Optional<DataFile> file = find(part);
            if (file.isEmpty()) {
                throw new BadDataException(
                        Reason.NOT_FOUND,
                        Text.of(
                                "%s: expected a file with the %s, e.g. %s.gz, got none; IDX is read, and it holds %s",
                                folder, part, part.usualName(), held()));
            }
            all.put(part, file.get());
        }
        return all;
    }

    private String held() throws BadDataException {
        List<String> names = folder.children().stream().map(DataFile::name).toList();
        if (names.isEmpty()) {
            return "nothing";
        }
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        return names.size() > MOST_NAMED
                ? Text.of("%s and %d more", first, names.size() - MOST_NAMED)
                : first;
    }

    /**
     * A folder of data where its files lie: in it, or in its sub-folder {@code raw}, where
     * torchvision puts them.
     */
    public static IdxFolder in(DataFile folder) throws BadDataException {
        IdxFolder files = new IdxFolder(folder);
        if (files.isEmpty()) {
            for (DataFile child : folder.children()) {
                if (child.folder() && child.name().equals(RAW)) {
                    IdxFolder raw = new IdxFolder(child);
                    return raw.isEmpty() ? files : raw;
                }
            }
        }
        return files;
    }
}
