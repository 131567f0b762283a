package dev.mortise.mcp.resilience;

import dev.mortise.mcp.json.Json;
import java.net.URI;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Alertmanager, {@code POST /api/v2/alerts}. It takes alerts with the same labels for one. */
final class AlertmanagerAlerter implements Alerter {
    private final JsonPost post;

    AlertmanagerAlerter(URI base) {
        String text = base.toString();
        this.post = new JsonPost(URI.create((text.endsWith("/") ? text : text + "/") + "api/v2/alerts"));
    }

    @Override
    public void send(Alert alert) throws Exception {
        ObjectNode entry = Json.object();
        ObjectNode labels = entry.putObject("labels");
        labels.put("alertname", "MortiseServiceEvent");
        alert.labels().forEach(labels::put);
        labels.put("key", alert.key());
        labels.put("severity", alert.severity().name().toLowerCase(Locale.ROOT));
        entry.putObject("annotations").put("summary", alert.summary());
        entry.put("startsAt", alert.startedAt().toString());
        if (alert.endedAt() != null) {
            entry.put("endsAt", alert.endedAt().toString());
        }
        ArrayNode body = Json.mapper().createArrayNode();
        body.add(entry);
        post.send(Json.write(body));
    }
}
