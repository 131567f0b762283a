package dev.mortise.mcp.resilience;

import dev.mortise.mcp.json.Json;
import java.net.URI;

/** Slack's incoming webhook: a text. */
final class WebhookAlerter implements Alerter {
    private final JsonPost post;

    WebhookAlerter(URI url) {
        this.post = new JsonPost(url);
    }

    @Override
    public void send(Alert alert) throws Exception {
        String state = alert.isResolved() ? "Resolved" : alert.severity().name();
        post.send(Json.write(Json.object().put("text", escaped("[" + state + "] " + alert.summary()))));
    }

    /** What means something in Slack's texts, so that a name cannot call the whole channel. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
