package dev.mortise.servlet.matrix;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ServerCapabilities;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a server says about itself, and which methods there are. */
final class ServerOperations {
    static final List<Operation> ALL = List.of(
            Operation.of("server name and version", "matrix 1.0 (The matrix)", bench -> {
                var info = Objects.requireNonNull(bench.client().server().info());
                return info.name() + " " + info.version() + " (" + info.title() + ")";
            }),
            Operation.of(
                    "instructions",
                    "Try everything",
                    bench -> bench.client().server().instructions().orElse("none")),
            Operation.of(
                    "capabilities",
                    "logging, completions, prompts+, resources++, tools+",
                    bench -> capabilities(bench.client().server().capabilities())),
            Operation.of("ping", "answered", bench -> {
                bench.client().ping();
                return "answered";
            }),
            Operation.of("method ping", "error -32601", bench -> bench.client().request("ping", null)),
            Operation.of(
                    "method server/discover",
                    "true",
                    bench -> bench.client().request("server/discover", null).has("supportedVersions")),
            Operation.of(
                    "method logging/setLevel",
                    "error -32601",
                    bench -> bench.client().request("logging/setLevel", Map.of("level", "info"))),
            Operation.of(
                    "method resources/subscribe",
                    "error -32601",
                    bench -> bench.client().request("resources/subscribe", Map.of("uri", "docs:///blob"))),
            Operation.of(
                    "method resources/unsubscribe",
                    "error -32601",
                    bench -> bench.client().request("resources/unsubscribe", Map.of("uri", "docs:///blob"))),
            Operation.of(
                    "unknown method", "error -32601", bench -> bench.client().request("no/such", Json.object())),
            Operation.of(
                    "kind of a result",
                    "complete",
                    bench -> bench.client()
                            .request("prompts/list", null)
                            .path("resultType")
                            .asString("unsaid")),
            Operation.of(
                    "caching of a list",
                    "60000",
                    bench -> bench.client()
                            .request("prompts/list", null)
                            .path("ttlMs")
                            .asString("unsaid")));

    private ServerOperations() {}

    private static String capabilities(ServerCapabilities has) {
        StringBuilder text = new StringBuilder(has.logging() == null ? "" : "logging, ");
        text.append(has.completions() == null ? "" : "completions, ");
        if (has.prompts() != null) {
            text.append("prompts").append(has.prompts().listChanged() ? "+, " : ", ");
        }
        if (has.resources() != null) {
            text.append("resources")
                    .append(has.resources().listChanged() ? "+" : "")
                    .append(has.resources().subscribe() ? "+, " : ", ");
        }
        if (has.tools() != null) {
            text.append("tools").append(has.tools().listChanged() ? "+" : "");
        }
        return text.toString();
    }
}
