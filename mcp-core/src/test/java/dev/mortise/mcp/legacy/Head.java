package dev.mortise.mcp.legacy;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The head of a request over HTTP, as a legacy client writes it. */
record Head(String method, String remoteAddress, Map<String, String> fields) implements HttpHead {
    static Head of(String method) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        return new Head(method, "192.0.2.1", fields);
    }

    Head with(String name, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(fields);
        more.put(name, value);
        return new Head(method, remoteAddress, more);
    }

    Head from(String address) {
        return new Head(method, address, fields);
    }

    @Override
    public URI uri() {
        return URI.create("https://mcp.example.com/mcp");
    }

    @Override
    public List<String> headers(String name) {
        String value = fields.get(name);
        return value == null ? List.of() : List.of(value);
    }
}
