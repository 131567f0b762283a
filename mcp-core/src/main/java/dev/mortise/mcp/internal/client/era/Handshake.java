package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.internal.client.Connection;
import dev.mortise.mcp.internal.client.Pending;
import dev.mortise.mcp.internal.client.Settings;
import dev.mortise.mcp.internal.client.http.LegacyHttpLink;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Opens a session with a legacy server: {@code initialize}, its answer, {@code notifications/initialized}. */
final class Handshake {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private final Settings settings;

    Handshake(Settings settings) {
        this.settings = settings;
    }

    /** @throws McpException if the server refuses, or answers with a revision that was not offered */
    Session on(Connection connection) throws InterruptedException {
        ProtocolVersion best = new Revisions(settings.versions())
                .bestLegacy()
                .orElseThrow(() -> new ProtocolViolationException(
                        "The server speaks no revision that this client offers: " + settings.versions()));
        ObjectNode params = Json.object();
        params.put("protocolVersion", best.wire());
        params.set("capabilities", LegacyCapabilities.of(settings.capabilities()));
        params.set("clientInfo", Json.tree(settings.client()));
        JsonNode result = ask(connection, "initialize", params, settings.connectTimeout());
        ProtocolVersion version = agreed(result.path("protocolVersion"));
        LegacyHttpLink http = connection.link() instanceof LegacyHttpLink link ? link : null;
        if (http != null) {
            http.agreed(version.wire());
        }
        connection.send(new Message.Notification("notifications/initialized", null));
        if (http != null) {
            http.listen();
        }
        boolean tasks = result.at("/capabilities/tasks/requests/tools/call").isObject();
        Session session = new Session(connection, new Legacy(tasks), Description.ofInitialized(version, result));
        setLogLevel(session);
        return session;
    }

    private ProtocolVersion agreed(JsonNode answered) {
        return ProtocolVersion.of(answered.asString(""))
                .filter(version -> settings.versions().contains(version) && !Revisions.isModern(version))
                .orElseThrow(() -> new ProtocolViolationException("The server wants to speak revision "
                        + Excerpt.of(answered.toString(), 50) + ", this client offers " + settings.versions()));
    }

    private void setLogLevel(Session session) throws InterruptedException {
        if (settings.logLevel() == null || session.server().capabilities().logging() == null) {
            return;
        }
        try {
            ObjectNode params = Json.object();
            params.set("level", Json.tree(settings.logLevel()));
            ask(session.connection(), "logging/setLevel", params, settings.connectTimeout());
        } catch (McpException e) {
            LOG.debug("The server did not take the log level", e);
        }
    }

    private static JsonNode ask(Connection connection, String method, ObjectNode params, Duration limit)
            throws InterruptedException {
        Pending pending = connection.send(method, id -> params, Map.of(), notification -> {});
        // Not cancelled when it takes too long: an initialize must not be, and the connection is closed anyway.
        return pending.await(limit, limit, false);
    }
}
