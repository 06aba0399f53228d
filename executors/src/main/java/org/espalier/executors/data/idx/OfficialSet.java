// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.idx;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.results.text.Text;

/**
 * A published data set: what its four files are, bit by bit, and where they can be had.
 *
 * @param name of the data set and its folder
 * @param title one line for a list
 * @param mirrors folders that hold the four files under their usual names with {@code .gz}; asked
 *     in this order
 */
public record OfficialSet(
        String name, String title, List<URI> mirrors, Map<IdxPart, OfficialFile> files) {

    /**
     * One published file.
     *
     * @param bytes of the gzip as published
     * @param gzipSha256 of the gzip as published
     * @param contentSha256 of what is in it; the same however it is packed
     */
    public record OfficialFile(long bytes, String gzipSha256, String contentSha256) {}

    /**
     * MNIST and Fashion-MNIST. The digests were computed from files whose MD5 sums are the
     * published ones (of the gzips of MNIST: train images f68b3c2dcbeaaa9fbdd348bbdeb94873, train
     * labels d53e105ee54ea40749a09fcbcd1e9432, test images 9fb629c4189551a2d022fa330f9573f3, test
     * labels ec29112dd5afa0611ce80d1b7f02629c; of Fashion-MNIST in the same order
     * 8d4fb7e6c68d591d4c3dfef9ec88bf0d, 25c81989df183df01b3e8a0aad5dffbe,
     * bef4ecab320f06d8554ea6380940ec79, bb300cfdad3c16e7a12a480ee83cd310), by {@code sha256sum
     * FILE} and {@code zcat FILE | sha256sum}.
     */
    public static final List<OfficialSet> ALL =
            List.of(
                    new OfficialSet(
                            "mnist",
                            "MNIST: handwritten digits, 28x28, 10 classes, 60,000 + 10,000",
                            List.of(
                                    URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                                    URI.create(
                                            "https://storage.googleapis.com/cvdf-datasets/mnist/")),
                            files(
                                    new OfficialFile(
                                            9_912_422,
                                            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                                    new OfficialFile(
                                            28_881,
                                            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                                    new OfficialFile(
                                            1_648_877,
                                            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                                    new OfficialFile(
                                            4_542,
                                            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"))),
                    new OfficialSet(
                            "fashion-mnist",
                            "Fashion-MNIST: articles of clothing, 28x28, 10 classes, 60,000 +"
                                    + " 10,000",
                            List.of(
                                    URI.create(
                                            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
                                    URI.create(
                                            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
                            files(
                                    new OfficialFile(
                                            26_421_880,
                                            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                                            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
                                    new OfficialFile(
                                            29_515,
                                            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                                            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
                                    new OfficialFile(
                                            4_422_102,
                                            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                                            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
                                    new OfficialFile(
                                            5_148,
                                            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                                            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"))));

    public OfficialSet {
        mirrors = List.copyOf(mirrors);
        files = new EnumMap<>(files);
    }

    /** The published set of a name. */
    public static Optional<OfficialSet> of(String name) {
        return ALL.stream().filter(set -> set.name.equals(name)).findFirst();
    }

    /** Files of the parts in their order. */
    public static Map<IdxPart, OfficialFile> files(OfficialFile... files) {
        Map<IdxPart, OfficialFile> map = new EnumMap<>(IdxPart.class);
        for (IdxPart part : IdxPart.values()) {
            map.put(part, files[part.ordinal()]);
        }
        return map;
    }

    /**
     * Compares a scanned file with the published one.
     *
     * @throws BadDataException if it is another; a published file in the wrong place is named
     */
    public void check(DataFile file, IdxPart part, IdxFile.Scan scan) throws BadDataException {
        String expected = files.get(part).contentSha256();
        if (scan.sha256().equals(expected)) {
            return;
        }
        List<String> known = new ArrayList<>();
        for (OfficialSet set : ALL) {
            set.files.forEach(
                    (other, published) -> {
                        if (published.contentSha256().equals(scan.sha256())) {
                            known.add(Text.of(", the %s of %s", other, set.name));
                        }
                    });
        }
        throw new BadDataException(
                Reason.CHECKSUM,
                Text.of(
                        "%s: expected the %s of %s (SHA-256 of the unpacked content %s), got %s of SHA-256 %s%s",
                        file,
                        part,
                        name,
                        expected,
                        scan.header(),
                        scan.sha256(),
                        String.join("", known)));
    }
}
