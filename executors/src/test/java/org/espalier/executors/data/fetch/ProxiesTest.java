// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "https_proxy", "http://secure.example:3128/",
                    "HTTPS_PROXY", "http://capitals.example:1",
                    "HTTP_PROXY", "http://from-a-web-server.example:1",
                    "all_proxy", "socks5://127.0.0.1",
                    "no_proxy", "localhost, .inner.example,*.other.example exact.example");

    @ParameterizedTest
    @CsvSource({
        "https://mirror.example/x, secure.example:3128 of https_proxy",
        "http://mirror.example/x, 127.0.0.1:1080 of all_proxy",
        "https://a.inner.example/x, ",
        "https://inner.example/x, ",
        "https://notinner.example/x, secure.example:3128 of https_proxy",
        "https://b.other.example/x, ",
        "https://exact.example/x, ",
        "https://LOCALHOST/x, ",
    })
    void takesTheProxyAsOtherProgramsDo(String address, String expected) throws IOException {
        assertThat(
                        new Proxies(ENVIRONMENT)
                                .of(URI.create(address))
                                .map(Proxies.Named::toString)
                                .orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void takesNoneWhereNoneIsNamed() throws IOException {
        URI address = URI.create("https://mirror.example/x");
        assertThat(new Proxies(Map.of()).of(address)).isEmpty();
        assertThat(new Proxies(Map.of("https_proxy", " ")).of(address)).isEmpty();
        assertThat(new Proxies(Map.of("https_proxy", "p:1", "NO_PROXY", "*")).of(address))
                .isEmpty();
    }

    /** A proxy that wants to know who asks, which it is told in the form that it asks for. */
    @Test
    void tellsTheProxyUserAndPassword() throws IOException {
        HttpServer proxy =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String expected =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8));
        proxy.createContext(
                "/",
                exchange -> {
                    boolean known =
                            expected.equals(
                                    exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
                    exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"r\"");
                    exchange.sendResponseHeaders(known ? 200 : 407, -1);
                    exchange.close();
                });
        proxy.start();
        try {
            Proxies proxies =
                    new Proxies(
                            Map.of(
                                    "http_proxy",
                                    "http://me:p%40ss@127.0.0.1:" + proxy.getAddress().getPort()));
            HttpURLConnection connection = proxies.open(URI.create("http://mirror.invalid/x"));
            assertThat(connection.getResponseCode()).isEqualTo(200);
        } finally {
            proxy.stop(0);
        }
    }
}
