// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.executors.data.BadDataException;
import org.espalier.executors.data.BadDataException.Reason;
import org.espalier.executors.data.DataFile;
import org.espalier.executors.data.Sha256;
import org.espalier.executors.data.fetch.DatasetFetcher.Outcome;
import org.espalier.executors.data.fetch.FakeMirror.Answer;
import org.espalier.executors.data.idx.IdxBytes;
import org.espalier.executors.data.idx.IdxFolder;
import org.espalier.executors.data.idx.IdxPart;
import org.espalier.executors.data.idx.IdxSet;
import org.espalier.executors.data.idx.OfficialSet;
import org.espalier.executors.data.idx.OfficialSet.OfficialFile;
import org.espalier.results.text.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetFetcherTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1); // for mirrors that do not answer
    private static final Map<IdxPart, byte[]> CONTENTS =
            Map.of(
                    IdxPart.TRAIN_IMAGES, IdxBytes.images(6, 2, 3, 0),
                    IdxPart.TRAIN_LABELS, IdxBytes.labels(0, 1, 2, 0, 1, 2),
                    IdxPart.TEST_IMAGES, IdxBytes.images(3, 2, 3, 50),
                    IdxPart.TEST_LABELS, IdxBytes.labels(0, 1, 2));
    private static final List<String> NAMES =
            Stream.of(IdxPart.values()).map(part -> part.usualName() + ".gz").toList();

    @TempDir Path data;
    private Duration timeout = PATIENT;
    private final List<String> progress = new ArrayList<>();
    private FakeMirror mirror;

    @BeforeEach
    void startTheServer() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        CONTENTS.forEach((part, bytes) -> files.put(part.usualName() + ".gz", gzip(part)));
        mirror = new FakeMirror(files);
    }

    @AfterEach
    void stopTheServer() {
        mirror.close();
    }

    private static byte[] gzip(IdxPart part) {
        return IdxBytes.gzip(CONTENTS.get(part));
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.start().digest(bytes));
    }

    private static OfficialSet set(List<URI> mirrors) {
        OfficialFile[] files =
                Stream.of(IdxPart.values())
                        .map(
                                part ->
                                        new OfficialFile(
                                                gzip(part).length,
                                                sha256(gzip(part)),
                                                sha256(CONTENTS.get(part))))
                        .toArray(OfficialFile[]::new);
        return new OfficialSet("tiny", "tiny", mirrors, OfficialSet.files(files));
    }

    private final Map<String, String> environment = new HashMap<>();

    private Map<String, Outcome> fetch(URI... mirrors) throws BadDataException {
        return new DatasetFetcher(
                        List.of(set(List.of(mirrors))),
                        timeout,
                        new Proxies(environment),
                        (file, bytes, total) ->
                                progress.add(Text.of("%s %d of %d", file, bytes, total)))
                .fetch("tiny", data);
    }

    private static Duration timeoutFor(Answer answer) {
        return answer == Answer.HANGING || answer == Answer.STALLING ? SHORT : PATIENT;
    }

    private List<String> filesThere() {
        try (Stream<Path> files = Files.list(data.resolve("tiny"))) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertComplete() throws Exception {
        assertThat(filesThere()).containsExactlyInAnyOrderElementsOf(NAMES);
        for (IdxPart part : IdxPart.values()) {
            assertThat(data.resolve("tiny").resolve(part.usualName() + ".gz"))
                    .hasBinaryContent(gzip(part));
        }
        IdxFolder folder = new IdxFolder(DataFile.at(data.resolve("tiny")));
        assertThat(IdxSet.scan("tiny", folder, Optional.of(set(List.of()))).info().trainSamples())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(names = {"GOOD", "CHUNKED", "REDIRECT"})
    void fetchesFromAGoodMirror(Answer answer) throws Exception {
        Map<String, Outcome> outcomes = fetch(mirror.folder("first", answer));

        assertThat(outcomes.keySet()).containsExactlyElementsOf(NAMES);
        assertThat(outcomes.values()).containsOnly(Outcome.FETCHED);
        assertComplete();
        int size = gzip(IdxPart.TRAIN_IMAGES).length;
        assertThat(progress).contains(Text.of("%s %d of %d", NAMES.get(0), size, size));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GOOD", "CHUNKED", "REDIRECT"})
    void goesOnToTheNextMirrorAfterABadOne(Answer answer) throws Exception {
        timeout = timeoutFor(answer);
        List<URI> mirrors = new ArrayList<>(List.of(mirror.folder("first", answer)));
        int good = timeout == SHORT ? 20 : 1; // where the machine stalls, a good one may be late
        for (int n = 0; n < good; n++) {
            mirrors.add(mirror.folder("good-" + n, Answer.GOOD));
        }

        fetch(mirrors.toArray(URI[]::new));

        assertComplete();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "SHORT, 'expected %d bytes, got announced %d (begins with 1f8b0800, gzip)', -5",
        "CUT, 'expected %d bytes, got %d (begins with 1f8b0800, gzip)', -1",
        "ENDLESS, 'expected %d bytes, got more (begins with 1f8b0800, gzip)', 0",
        "PAGE_WITH_200, 'expected %d bytes, got announced 35 (begins with 3c21444f, an HTML or XML"
                + " page)', 0",
        "NOT_FOUND, 'expected HTTP status 200, got 404', 0",
        "BROKEN, 'expected HTTP status 200, got 500', 0",
        "REDIRECT_IN_CIRCLES, 'expected at most 5 redirects, got more', 0",
        "REDIRECT_TO_A_FILE, 'expected a redirect by HTTP(S) and as safe, got"
                + " file:///etc/hostname', 0",
        "HANGING, no answer in time, 0",
        "STALLING, no answer in time, 0"
    })
    void saysWhyAMirrorFailedAndLeavesNothing(Answer answer, String why, int difference) {
        timeout = timeoutFor(answer);
        URI first = mirror.folder("first", answer);
        int size = gzip(IdxPart.TRAIN_IMAGES).length;
        int came = difference == -1 ? size / 2 : size + difference;

        var e = catchThrowableOfType(BadDataException.class, () -> fetch(first));

        assertThat(e.reason()).isEqualTo(Reason.DOWNLOAD);
        assertThat(e)
                .hasMessage(
                        (Text.of(
                                        "%s: expected it from one of 1 mirrors, got it from none%n  %s: ",
                                        data.resolve("tiny").resolve(NAMES.get(0)),
                                        first.resolve(NAMES.get(0))))
                                + Text.of(why, size, came));
        assertThat(filesThere()).isEmpty();
    }

    @Test
    void saysOfWrongBytesWhichSumTheyHave() {
        URI first = mirror.folder("first", Answer.WRONG_BYTES);

        var e = catchThrowableOfType(BadDataException.class, () -> fetch(first));

        assertThat(e)
                .hasMessageContaining(
                        Text.of("expected SHA-256 %s, got ", sha256(gzip(IdxPart.TRAIN_IMAGES))))
                .hasMessageEndingWith("(begins with 1f8b0800, gzip)");
        assertThat(filesThere()).isEmpty();
    }

    @Test
    void namesEveryMirrorWithItsReason() throws Exception {
        URI dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = URI.create(Text.of("http://127.0.0.1:%d/", socket.getLocalPort()));
        }
        URI unknown = URI.create("http://no-such-host.invalid/");
        URI missing = mirror.folder("first", Answer.NOT_FOUND);

        var e = catchThrowableOfType(BadDataException.class, () -> fetch(dead, unknown, missing));

        assertThat(e.getMessage().lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("one of 3 mirrors, got it from none"),
                        line -> assertThat(line).contains("no connection: Connection refused"),
                        line -> assertThat(line).endsWith("unknown host no-such-host.invalid"),
                        line -> assertThat(line).endsWith("expected HTTP status 200, got 404"));
    }

    /** The mirror's name cannot be found, so only the proxy can have answered. */
    @Test
    void goesThroughTheProxyOfTheJvm() throws Exception {
        URI address = mirror.folder("good", Answer.GOOD);
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(
                ProxySelector.of(new InetSocketAddress("127.0.0.1", address.getPort())));
        try {
            fetch(URI.create("http://mirror.invalid/good/"));
        } finally {
            ProxySelector.setDefault(before);
        }

        assertComplete();
    }

    @Test
    void goesThroughTheProxyOfTheEnvironment() throws Exception {
        URI address = mirror.folder("good", Answer.GOOD);
        environment.put("http_proxy", "http://127.0.0.1:" + address.getPort());
        fetch(URI.create("http://mirror.invalid/good/"));
        assertComplete();
    }

    @Test
    void namesTheProxyOfWhatFailed() {
        environment.put("all_proxy", "127.0.0.1:1");
        environment.put("no_proxy", "direct.invalid");

        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () ->
                                fetch(
                                        URI.create("http://mirror.invalid/"),
                                        URI.create("http://a.direct.invalid/")));

        assertThat(e.getMessage().lines().toList().get(1))
                .contains("no connection: ")
                .endsWith(", through the proxy 127.0.0.1:1 of all_proxy");
        assertThat(e.getMessage().lines().toList().get(2))
                .endsWith("unknown host a.direct.invalid");
        environment.put("http_proxy", "ftp://me:secret@host");
        assertThat(
                        catchThrowableOfType(
                                BadDataException.class,
                                () -> fetch(URI.create("http://mirror.invalid/"))))
                .hasMessageEndingWith(
                        "http_proxy: expected http://HOST:PORT or socks5://HOST:PORT, got"
                                + " ftp://...@host");
    }

    @Test
    void fetchesOnlyWhatIsNotThere() throws Exception {
        URI good = mirror.folder("first", Answer.GOOD);
        fetch(good);
        Files.delete(data.resolve("tiny").resolve(NAMES.get(2)));
        mirror.requests().clear();

        Map<String, Outcome> outcomes = fetch(good);

        assertThat(outcomes)
                .containsEntry(NAMES.get(0), Outcome.PRESENT)
                .containsEntry(NAMES.get(2), Outcome.FETCHED);
        assertThat(mirror.requests()).containsExactly("/first/" + NAMES.get(2));
        assertComplete();
    }

    @Test
    void keepsUnpackedFilesThatAreThere() throws Exception {
        Path folder = Files.createDirectories(data.resolve("tiny"));
        for (IdxPart part : IdxPart.values()) {
            Files.write(
                    folder.resolve(part.usualName().replace("-idx", ".idx")), CONTENTS.get(part));
        }

        Map<String, Outcome> outcomes = fetch(mirror.folder("first", Answer.GOOD));

        assertThat(outcomes.values()).hasSize(4).containsOnly(Outcome.PRESENT);
        assertThat(mirror.requests()).isEmpty();
    }

    @Test
    void neverOverwritesAFileThatIsThere() throws Exception {
        Path folder = Files.createDirectories(data.resolve("tiny"));
        Path mine = Files.write(folder.resolve(NAMES.get(1)), IdxBytes.labels(7, 8));

        var e =
                catchThrowableOfType(
                        BadDataException.class, () -> fetch(mirror.folder("first", Answer.GOOD)));

        assertThat(e.reason()).isEqualTo(Reason.CHECKSUM);
        assertThat(e)
                .hasMessageStartingWith(mine + ": expected the training labels of tiny")
                .hasMessageEndingWith("; remove the file and fetch again");
        assertThat(mine).hasBinaryContent(IdxBytes.labels(7, 8));
    }

    @Test
    void whatWasCompleteBeforeAFailureStays() {
        URI good = mirror.folder("first", Answer.GOOD);
        DatasetFetcher fetcher =
                new DatasetFetcher(
                        List.of(set(List.of(good))),
                        PATIENT,
                        new Proxies(environment),
                        (file, bytes, total) -> {
                            if (file.equals(NAMES.get(1))) {
                                mirror.folder("first", Answer.BROKEN);
                            }
                        });

        catchThrowableOfType(BadDataException.class, () -> fetcher.fetch("tiny", data));

        assertThat(filesThere()).containsExactlyInAnyOrder(NAMES.get(0), NAMES.get(1));
    }

    @Test
    void publishedSetsHaveSafeMirrorsFirst() {
        assertThat(new DatasetFetcher(PATIENT, (file, bytes, total) -> {}).names())
                .containsExactly("mnist", "fashion-mnist");
        for (OfficialSet set : OfficialSet.ALL) {
            assertThat(set.mirrors()).hasSizeGreaterThan(1);
            assertThat(set.mirrors().get(0).getScheme()).isEqualTo("https");
            assertThat(set.mirrors()).allSatisfy(uri -> assertThat(uri.getPath()).endsWith("/"));
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        var e =
                catchThrowableOfType(
                        BadDataException.class,
                        () ->
                                new DatasetFetcher(PATIENT, (file, bytes, total) -> {})
                                        .fetch("minst", data));

        assertThat(e)
                .hasMessage(
                        "cannot fetch \"minst\"; did you mean \"mnist\"? known: mnist,"
                                + " fashion-mnist");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Download(Duration.ZERO, new Proxies(Map.of())))
                .withMessage("timeout must be between a millisecond and 24 days, got PT0S");
    }
}
