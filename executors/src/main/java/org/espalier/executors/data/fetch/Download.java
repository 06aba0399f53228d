// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.LongConsumer;
import org.espalier.executors.data.Foreign;
import org.espalier.executors.data.Sha256;
import org.espalier.results.text.Text;

/**
 * Downloads a file whose size and SHA-256 are known beforehand, by HTTP or HTTPS. Redirects are
 * followed, never from HTTPS to HTTP. Never more than the expected size is written.
 *
 * @param timeout how long a server may take to connect, and to send the next bytes
 * @param proxies that the environment names
 */
record Download(Duration timeout, Proxies proxies) {
    private static final int REDIRECTS = 5;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    Download {
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "timeout must be between a millisecond and 24 days, got " + timeout);
        }
    }

    /** A server's answer that cannot be used; the message says why. */
    private static final class BadAnswer extends IOException {
        private static final long serialVersionUID = 1;

        private BadAnswer(String message) {
            super(message);
        }
    }

    /**
     * Downloads into a file, which is complete and right if this returns.
     *
     * @param arrived told the number of bytes so far
     * @throws IOException if the server does not give exactly the expected bytes; {@link #why} says
     *     it in words
     */
    void to(URI from, Path into, long size, String sha256, LongConsumer arrived)
            throws IOException {
        HttpURLConnection connection = open(from);
        try {
            long announced = connection.getContentLengthLong();
            MessageDigest digest = Sha256.start();
            long bytes = 0;
            byte[] first = new byte[0];
            try (InputStream body = connection.getInputStream();
                    OutputStream out = Files.newOutputStream(into)) {
                if (announced >= 0 && announced != size) {
                    first = body.readNBytes(16);
                    throw wrong(size, "announced " + announced, first);
                }
                byte[] buffer = new byte[1 << 16];
                int n;
                while ((n = body.read(buffer)) >= 0) {
                    if (first.length == 0) {
                        first = Arrays.copyOf(buffer, Math.min(16, n));
                    }
                    bytes += n;
                    if (bytes > size) {
                        throw wrong(size, "more", first);
                    }
                    digest.update(buffer, 0, n);
                    out.write(buffer, 0, n);
                    arrived.accept(bytes);
                }
            }
            if (bytes != size) {
                throw wrong(size, String.valueOf(bytes), first);
            }
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(sha256)) {
                throw new BadAnswer(
                        Text.of(
                                "expected SHA-256 %s, got %s (begins with %s)",
                                sha256, found, Foreign.describe(first)));
            }
        } finally {
            connection.disconnect();
        }
    }

    private static BadAnswer wrong(long size, String bytes, byte[] first) {
        return new BadAnswer(
                Text.of(
                        "expected %d bytes, got %s (begins with %s)",
                        size, bytes, Foreign.describe(first)));
    }

    /** Connects and follows redirects up to an answer of 200. */
    private HttpURLConnection open(URI from) throws IOException {
        URI address = from;
        for (int redirect = 0; redirect <= REDIRECTS; redirect++) {
            HttpURLConnection connection = proxies.open(address);
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Accept-Encoding", "identity");
            connection.setRequestProperty("User-Agent", "espalier");
            int status = connection.getResponseCode();
            if (status == HttpURLConnection.HTTP_OK) {
                return connection;
            }
            String location = connection.getHeaderField("Location");
            connection.disconnect();
            if (status / 100 != 3 || location == null) {
                throw new BadAnswer("expected HTTP status 200, got " + status);
            }
            address = redirected(address, location);
        }
        throw new BadAnswer(Text.of("expected at most %d redirects, got more", REDIRECTS));
    }

    private static URI redirected(URI from, String location) throws BadAnswer {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new BadAnswer("expected an address to be redirected to, got " + location);
        }
        boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
        if (weaker || to.getScheme() == null || !SCHEMES.contains(to.getScheme())) {
            throw new BadAnswer("expected a redirect by HTTP(S) and as safe, got " + to);
        }
        return to;
    }

    /** Why a download failed, for a person. */
    static String why(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        if (e instanceof UnknownHostException) {
            return "unknown host " + e.getMessage();
        }
        if (e instanceof ConnectException) {
            return "no connection: " + e.getMessage();
        }
        return e instanceof BadAnswer || e.getClass() == IOException.class && e.getMessage() != null
                ? e.getMessage()
                : Text.of("%s: %s", e.getClass().getSimpleName(), e.getMessage());
    }
}
