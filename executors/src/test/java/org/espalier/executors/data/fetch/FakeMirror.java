// SPDX-License-Identifier: Apache-2.0
package org.espalier.executors.data.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.espalier.results.text.Text;

/** A web server on this machine that answers as mirrors do, for good or ill. */
final class FakeMirror implements AutoCloseable {
    private static final byte[] PAGE =
            "<!DOCTYPE html><title>Sorry</title>".getBytes(StandardCharsets.UTF_8);

    /** How a file is answered for. */
    enum Answer {
        GOOD {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                send(exchange, 200, bytes);
            }
        },
        /** Without a length beforehand. */
        CHUNKED {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(bytes);
            }
        },
        /** A shorter file, complete as such. */
        SHORT {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                send(exchange, 200, Arrays.copyOf(bytes, bytes.length - 5));
            }
        },
        /** The right length announced, the connection cut in the middle. */
        CUT {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
                exchange.getResponseBody().flush();
            }
        },
        /** Endless. */
        ENDLESS {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.sendResponseHeaders(200, 0);
                while (true) {
                    exchange.getResponseBody().write(bytes);
                }
            }
        },
        WRONG_BYTES {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                byte[] wrong = bytes.clone();
                wrong[wrong.length / 2] ^= 1;
                send(exchange, 200, wrong);
            }
        },
        PAGE_WITH_200 {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                send(exchange, 200, PAGE);
            }
        },
        NOT_FOUND {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                send(exchange, 404, PAGE);
            }
        },
        BROKEN {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                send(exchange, 500, PAGE);
            }
        },
        /** To the same file under {@code /good/}. */
        REDIRECT {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                String path = exchange.getRequestURI().getPath();
                String name = path.substring(path.lastIndexOf('/') + 1);
                exchange.getResponseHeaders().set("Location", "/good/" + name);
                send(exchange, 302, PAGE);
            }
        },
        REDIRECT_IN_CIRCLES {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getPath());
                send(exchange, 301, PAGE);
            }
        },
        REDIRECT_TO_A_FILE {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.getResponseHeaders().set("Location", "file:///etc/hostname");
                send(exchange, 301, PAGE);
            }
        },
        /** Silent from the start, until the server is closed. */
        HANGING,
        /** Silent after the first bytes, until the server is closed. */
        STALLING {
            @Override
            void give(HttpExchange exchange, byte[] bytes) throws IOException {
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes, 0, 10);
                exchange.getResponseBody().flush();
            }
        };

        void give(HttpExchange exchange, byte[] bytes) throws IOException {}

        private boolean waits() {
            return this == HANGING || this == STALLING;
        }

        private static void send(HttpExchange exchange, int status, byte[] bytes)
                throws IOException {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> files;

    /** A mirror of some files that answers for the folder {@code /good/} as it should. */
    FakeMirror(Map<String, byte[]> files) throws IOException {
        this.files = files;
        answers.put("good", Answer.GOOD);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A folder in which every file is answered for in one way. */
    URI folder(String name, Answer answer) {
        answers.put(name, answer);
        return URI.create(Text.of("http://127.0.0.1:%d/%s/", server.getAddress().getPort(), name));
    }

    /** What was asked for, in order. */
    List<String> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        String[] parts = path.split("/");
        Answer answer = answers.get(parts[1]);
        try (exchange) {
            answer.give(exchange, files.get(parts[2]));
            if (answer.waits()) {
                closing.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
