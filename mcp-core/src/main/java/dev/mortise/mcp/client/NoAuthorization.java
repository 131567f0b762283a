package dev.mortise.mcp.client;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

enum NoAuthorization implements HttpAuthorization {
    INSTANCE;

    @Override
    public Map<String, String> fields(Request request) {
        return Map.of();
    }

    @Override
    public Verdict answered(
            Request request, Map<String, String> sent, int status, Function<String, List<String>> fields) {
        return Verdict.ACCEPT;
    }
}
