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
                                "%s: expected a file with the %s, e.g. %s.gz, got none",
                                folder, part, part.usualName()));
            }
            all.put(part, file.get());
        }
        return all;
    }
}
