// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.espalier.results.text.Text;

/**
 * The proxies that the environment names as other programs take them: {@code https_proxy} for
 * addresses of HTTPS, {@code http_proxy} for HTTP, {@code all_proxy} for both, in small letters or
 * (not {@code HTTP_PROXY}, which web servers set) capitals; none for hosts in {@code no_proxy},
 * names with what they end in, or {@code *}. Where the JVM was given a proxy ({@code
 * https.proxyHost}), that one is taken.
 *
 * @param environment of the process
 */
record Proxies(Map<String, String> environment) {
    private static final int USUAL_PORT = 1080; // as curl has it

    /**
     * A proxy as it is written.
     *
     * @param variable that names it
     * @param credentials user and password; null without
     */
    record Named(String variable, Proxy proxy, String credentials) {
        @Override
        public String toString() {
            InetSocketAddress at = (InetSocketAddress) proxy.address();
            return Text.of("%s:%d of %s", at.getHostString(), at.getPort(), variable);
        }
    }

    static Proxies ofThisProcess() {
        return new Proxies(System.getenv());
    }

    /**
     * The proxy for an address; empty where it is asked directly, or through the JVM's own.
     *
     * @throws IOException if the variable holds no proxy that can be used
     */
    Optional<Named> of(URI address) throws IOException {
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        if (System.getProperty(scheme + ".proxyHost") != null || excepted(address.getHost())) {
            return Optional.empty();
        }
        Stream<String> variables =
                scheme.equals("https")
                        ? Stream.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
                        : Stream.of("http_proxy", "all_proxy", "ALL_PROXY");
        Optional<String> variable =
                variables.filter(v -> !environment.getOrDefault(v, "").isBlank()).findFirst();
        return variable.isEmpty()
                ? Optional.empty()
                : Optional.of(named(variable.get(), environment.get(variable.get()).strip()));
    }

    private boolean excepted(String host) {
        String list =
                environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return Stream.of(list.split("[,\\s]+"))
                .map(entry -> entry.replaceFirst("^\\*?\\.", ""))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(
                        entry ->
                                entry.equals("*")
                                        || host.equalsIgnoreCase(entry)
                                        || host.toLowerCase(Locale.ROOT)
                                                .endsWith("." + entry.toLowerCase(Locale.ROOT)));
    }

    private static Named named(String variable, String text) throws IOException {
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw unusable(variable, text);
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        Proxy.Type type =
                switch (scheme) {
                    case "http" -> Proxy.Type.HTTP;
                    case "socks", "socks5", "socks5h", "socks4", "socks4a" -> Proxy.Type.SOCKS;
                    default -> throw unusable(variable, text);
                };
        if (uri.getHost() == null) {
            throw unusable(variable, text);
        }
        int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
        InetSocketAddress at =
                type == Proxy.Type.SOCKS
                        ? new InetSocketAddress(uri.getHost(), port)
                        : InetSocketAddress.createUnresolved(uri.getHost(), port);
        return new Named(variable, new Proxy(type, at), uri.getRawUserInfo());
    }

    private static IOException unusable(String variable, String text) {
        return new IOException(
                Text.of(
                        "%s: expected http://HOST:PORT or socks5://HOST:PORT, got %s",
                        variable, text.replaceFirst("//[^@/]*@", "//...@")));
    }

    /** A connection by the proxy that the environment names, or as the JVM makes it. */
    HttpURLConnection open(URI address) throws IOException {
        Optional<Named> named = of(address);
        if (named.isEmpty()) {
            return (HttpURLConnection) address.toURL().openConnection();
        }
        String credentials = named.get().credentials();
        if (credentials != null && address.getScheme().equalsIgnoreCase("https")) {
            // the JDK sends a password through a tunnel only where it is told to
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        }
        HttpURLConnection connection =
                (HttpURLConnection) address.toURL().openConnection(named.get().proxy());
        if (credentials != null) {
            connection.setAuthenticator(authenticator(credentials));
        }
        return connection;
    }

    private static Authenticator authenticator(String credentials) {
        String[] parts = credentials.split(":", 2);
        String user = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
        String password =
                parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(user, password.toCharArray())
                        : null;
            }
        };
    }

    /** {@code ", through the proxy HOST:PORT of https_proxy"}, or nothing. */
    String through(URI address) {
        try {
            return of(address).map(p -> ", through the proxy " + p).orElse("");
        } catch (IOException e) {
            return ""; // which the failure itself says
        }
    }
}
