package dev.mortise.billing.payment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/** A real HTTP server on this machine that counts what it is asked, and fails when it is told to. */
public abstract class FakeHttp implements AutoCloseable {
    /** How a request goes wrong. */
    public enum Fault {
        /** It is not looked at, and the connection ends. */
        LOST,
        /** It takes effect, and the connection ends before the answer. */
        ANSWER_LOST,
        /** 429 with {@code Retry-After: 7}; it takes no effect. */
        TOO_MANY,
        /** 500; it takes no effect. */
        BROKEN
    }

    public record Reply(int status, String body, Map<String, String> headers) {
        public static Reply json(int status, Object body) {
            return new Reply(status, body.toString(), Map.of("Content-Type", "application/json"));
        }
    }

    private record Planned(String call, Fault fault) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> calls = new LinkedHashMap<>();
    private final List<Planned> faults = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    protected final ReentrantLock lock = new ReentrantLock();

    protected FakeHttp() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public final URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next request of this kind, such as {@code POST /v1/customers}, goes wrong. */
    public final void fail(String call, Fault fault) {
        lock.lock();
        try {
            faults.add(new Planned(call, fault));
        } finally {
            lock.unlock();
        }
    }

    /** How often it was asked, ids left out: {@code GET /v1/subscriptions/:id}. */
    public final int calls(String call) {
        lock.lock();
        try {
            return calls.getOrDefault(call, 0);
        } finally {
            lock.unlock();
        }
    }

    public final int allCalls() {
        lock.lock();
        try {
            return calls.values().stream().mapToInt(Integer::intValue).sum();
        } finally {
            lock.unlock();
        }
    }

    /** What was wrong with requests: parameters that do not exist, above all. */
    public final List<String> complaints() {
        lock.lock();
        try {
            return List.copyOf(complaints);
        } finally {
            lock.unlock();
        }
    }

    protected final void complain(String complaint) {
        complaints.add(complaint);
    }

    /** What kind of request it is: its path without ids. */
    protected abstract String kind(String method, String path);

    /** Answers, with the lock held. */
    protected abstract Reply answer(String kind, HttpExchange exchange, String body);

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String kind = kind(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
        Reply reply;
        lock.lock();
        try {
            calls.merge(kind, 1, Integer::sum);
            Fault fault = fault(kind);
            reply = switch (fault) {
                case null -> answer(kind, exchange, body);
                case LOST -> null;
                case ANSWER_LOST -> {
                    answer(kind, exchange, body);
                    yield null;
                }
                case TOO_MANY -> new Reply(429, "{\"error\":{\"type\":\"rate_limit\"}}", Map.of("Retry-After", "7"));
                case BROKEN -> new Reply(500, "<html>", Map.of());
            };
        } catch (RuntimeException e) {
            reply = new Reply(599, String.valueOf(e), Map.of());
            complain(kind + " failed: " + e);
        } finally {
            lock.unlock();
        }
        if (reply != null) {
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private Fault fault(String kind) {
        for (Iterator<Planned> all = faults.iterator(); all.hasNext(); ) {
            Planned planned = all.next();
            if (planned.call().equals(kind)) {
                all.remove();
                return planned.fault();
            }
        }
        return null;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
