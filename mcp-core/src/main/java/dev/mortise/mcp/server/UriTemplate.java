package dev.mortise.mcp.server;

import java.util.*;

final class UriTemplate {
    static UriTemplate parse(String s) {
        throw new IllegalStateException();
    }

    List<String> variables() {
        return List.of();
    }

    Optional<Map<String, String>> match(String uri) {
        return Optional.empty();
    }
}
