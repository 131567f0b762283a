package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A request head that a test fills in. */
final class TestHead implements HttpHead {
    private final String method;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    TestHead(String method) {
        this.method = method;
    }

    /** A POST that has all it needs. */
    static TestHead post() {
        return new TestHead("POST")
                .with("Host", "localhost:8080")
                .with("Content-Type", "application/json")
                .with("Accept", "application/json, text/event-stream");
    }

    TestHead with(String name, String value) {
        headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    TestHead replacing(String name, String value) {
        headers.remove(name);
        return with(name, value);
    }

    TestHead without(String name) {
        headers.remove(name);
        return this;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public URI uri() {
        return URI.create("http://localhost:8080/mcp");
    }

    @Override
    public List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }
}
