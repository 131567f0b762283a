package dev.mortise.mcp.health;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.ComponentStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the endpoints answer. */
final class HealthJson {
    private HealthJson() {}

    /** @param checks {@code null} for whom the sum is enough */
    static HttpRoute.Response response(
            Status status, @Nullable List<CheckReport> checks, @Nullable List<ComponentStatus> components) {
        ObjectNode body = Json.object();
        body.put("status", status.text());
        if (checks != null) {
            ArrayNode array = body.putArray("checks");
            checks.forEach(check -> array.add(check(check)));
        }
        if (components != null && !components.isEmpty()) {
            ArrayNode array = body.putArray("components");
            components.forEach(component -> array.add(component(component)));
        }
        return new HttpRoute.Response(
                status.httpStatus(), "application/json", Json.write(body), Map.of("Cache-Control", "no-store"));
    }

    private static ObjectNode check(CheckReport report) {
        ObjectNode node = Json.object();
        node.put("name", report.name());
        node.put("status", report.status() == null ? "unknown" : report.status().text());
        node.put("required", report.required());
        if (!report.message().isEmpty()) {
            node.put("message", report.message());
        }
        if (report.checkedAt() != null && report.since() != null) {
            node.put("since", report.since().toString());
            node.put("checkedAt", report.checkedAt().toString());
            node.put("tookMs", report.took());
        }
        if (!report.details().isEmpty()) {
            node.set("details", Json.tree(report.details()));
        }
        ArrayNode history = node.putArray("history");
        report.history()
                .forEach(change -> history.add(Json.object()
                        .put("at", change.at().toString())
                        .put("status", change.status().text())
                        .put("message", change.message())));
        return node;
    }

    private static ObjectNode component(ComponentStatus status) {
        ObjectNode node = Json.object();
        node.put("name", status.name());
        node.put("status", status.state().name().toLowerCase(Locale.ROOT));
        node.put("required", status.required());
        if (status.problem() != null) {
            node.put("message", status.problem());
        }
        return node;
    }
}
