package dev.mortise.mcp.resilience;

import java.net.URI;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Brings an alert to people. Called by one thread at a time, never by that of a call; it may block for a few seconds.
 */
@FunctionalInterface
public interface Alerter {
    /** @throws Exception if it was not delivered; it is tried again a few times */
    void send(Alert alert) throws Exception;

    /** Writes to the log, under {@code dev.mortise.mcp.alert}. */
    static Alerter log() {
        return alert -> {
            String state = alert.isResolved() ? "resolved" : "firing";
            LoggerFactory.getLogger("dev.mortise.mcp.alert")
                    .atLevel(alert.isResolved() ? Level.INFO : Level.WARN)
                    .addKeyValue("alert", alert.key())
                    .addKeyValue("severity", alert.severity())
                    .log("Alert {}: {}", state, alert.summary());
        };
    }

    /**
     * Posts {@code {"text": …}}, which Slack's incoming webhooks and their many imitators understand.
     *
     * @param url a secret, as these are: it is never logged
     */
    static Alerter webhook(URI url) {
        return new WebhookAlerter(url);
    }

    /**
     * Posts to a Prometheus Alertmanager, API v2.
     *
     * @param base as in {@code http://alertmanager:9093}
     */
    static Alerter alertmanager(URI base) {
        return new AlertmanagerAlerter(base);
    }
}
