// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Dataset;
import org.espalier.executors.data.DatasetInfo;
import org.espalier.executors.data.Features;
import org.espalier.executors.data.Samples;
import org.espalier.executors.data.Sha256;
import org.espalier.executors.data.Targets;
import org.espalier.experiments.network.Architecture;
import org.espalier.experiments.network.Shape;
import org.espalier.results.text.Text;

/**
 * A data set of four IDX files that were scanned and fit together. Labels may be any bytes: the
 * distinct labels of the training samples, sorted, are classes 0 to K - 1.
 *
 * @param labels the label that each class has in the files, ascending
 */
public record IdxSet(
        DatasetInfo info,
        Map<IdxPart, DataFile> files,
        Map<IdxPart, IdxFile.Scan> scans,
        List<Integer> labels) {

    /**
     * Scans the files of a folder.
     *
     * @param official what the files must be, for a published data set
     * @throws BadDataException if a file is bad or does not fit to the others
     */
    public static IdxSet scan(String name, IdxFolder folder, Optional<OfficialSet> official)
            throws BadDataException {
        Map<IdxPart, DataFile> files = folder.all();
        Map<IdxPart, IdxFile.Scan> scans = new EnumMap<>(IdxPart.class);
        for (IdxPart part : IdxPart.values()) {
            IdxFile.Scan scan = IdxFile.scan(files.get(part), part.kind());
            if (official.isPresent()) {
                official.get().check(files.get(part), part, scan);
            }
            scans.put(part, scan);
        }
        checkPair(files, scans, IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS);
        checkPair(files, scans, IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS);
        IdxHeader train = scans.get(IdxPart.TRAIN_IMAGES).header();
        IdxHeader test = scans.get(IdxPart.TEST_IMAGES).header();
        if (train.rows() != test.rows() || train.columns() != test.columns()) {
            throw mismatch(files, scans, IdxPart.TRAIN_IMAGES, IdxPart.TEST_IMAGES);
        }
        List<Integer> labels = labels(files, scans);
        DatasetInfo info =
                new DatasetInfo(
                        name,
                        new Shape(1, train.rows(), train.columns()),
                        Architecture.Loss.SOFTMAX_CROSS_ENTROPY,
                        labels.size(),
                        train.count(),
                        test.count(),
                        fingerprint(scans));
        return new IdxSet(info, files, scans, labels);
    }

    private static void checkPair(
            Map<IdxPart, DataFile> files,
            Map<IdxPart, IdxFile.Scan> scans,
            IdxPart images,
            IdxPart labels)
            throws BadDataException {
        if (scans.get(images).header().count() != scans.get(labels).header().count()) {
            throw mismatch(files, scans, images, labels);
        }
    }

    private static BadDataException mismatch(
            Map<IdxPart, DataFile> files,
            Map<IdxPart, IdxFile.Scan> scans,
            IdxPart one,
            IdxPart other) {
        return new BadDataException(
                Reason.MISMATCH,
                Text.of(
                        "%s: has %s, which does not fit to %s in %s",
                        files.get(one),
                        scans.get(one).header(),
                        scans.get(other).header(),
                        files.get(other).name()));
    }

    private static List<Integer> labels(
            Map<IdxPart, DataFile> files, Map<IdxPart, IdxFile.Scan> scans)
            throws BadDataException {
        int[] train = scans.get(IdxPart.TRAIN_LABELS).counts();
        int[] test = scans.get(IdxPart.TEST_LABELS).counts();
        List<Integer> labels = IntStream.range(0, 256).filter(b -> train[b] > 0).boxed().toList();
        if (labels.size() < 2) {
            throw new BadDataException(
                    Reason.MISMATCH,
                    Text.of(
                            "%s: expected at least 2 distinct labels, got only %d",
                            files.get(IdxPart.TRAIN_LABELS), labels.get(0)));
        }
        for (int b = 0; b < 256; b++) {
            if (test[b] > 0 && train[b] == 0) {
                throw new BadDataException(
                        Reason.MISMATCH,
                        Text.of(
                                "%s: expected labels that occur in %s, got %d",
                                files.get(IdxPart.TEST_LABELS),
                                files.get(IdxPart.TRAIN_LABELS).name(),
                                b));
            }
        }
        return labels;
    }

    /** Of the unpacked content of the four files, so names and packing do not matter. */
    private static String fingerprint(Map<IdxPart, IdxFile.Scan> scans) {
        StringBuilder text = new StringBuilder("idx-1");
        for (IdxPart part : IdxPart.values()) {
            text.append('/').append(scans.get(part).sha256());
        }
        return "idx-1-" + Sha256.of(text.toString()).substring(0, 32);
    }

    /**
     * Reads the files that were scanned.
     *
     * @throws BadDataException if one has changed since, or they do not fit into the heap
     */
    public Dataset load() throws BadDataException {
        checkFits(Runtime.getRuntime().maxMemory());
        return new Dataset(
                info,
                samples(IdxPart.TRAIN_IMAGES, IdxPart.TRAIN_LABELS),
                samples(IdxPart.TEST_IMAGES, IdxPart.TEST_LABELS));
    }

    /** Refuses what would take more than half of a heap, before anything is allocated. */
    public void checkFits(long heap) throws BadDataException {
        long images = 0;
        for (IdxPart part : List.of(IdxPart.TRAIN_IMAGES, IdxPart.TEST_IMAGES)) {
            images += scans.get(part).header().bodyBytes();
        }
        if (images > heap / 2) {
            throw new BadDataException(
                    Reason.TOO_LARGE,
                    Text.of(
                                    "%s: expected at most half of the Java heap of %d MB, got %d MB of images",
                                    files.get(IdxPart.TRAIN_IMAGES), heap >> 20, images >> 20)
                            + "; give more memory");
        }
    }

    private Samples samples(IdxPart images, IdxPart labels) throws BadDataException {
        byte[] pixels = IdxFile.body(files.get(images), scans.get(images));
        byte[] raw = IdxFile.body(files.get(labels), scans.get(labels));
        int[] classOf = new int[256];
        for (int k = 0; k < this.labels.size(); k++) {
            classOf[this.labels.get(k)] = k;
        }
        int[] classes = new int[raw.length];
        for (int i = 0; i < raw.length; i++) {
            classes[i] = classOf[raw[i] & 0xff];
        }
        return new Samples(
                new Features.Bytes(info.shape(), pixels),
                new Targets.Labels(this.labels.size(), classes));
    }
}
