package dev.mortise.mcp.internal.client.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Connection;
import dev.mortise.mcp.internal.client.Pending;
import dev.mortise.mcp.internal.client.Settings;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.Meta;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Asks a server with {@code server/discover} whether it is modern (specification, versioning: Backward Compatibility).
 * What shows that it is: a result that is one, or one of the errors that only a modern server has. What shows nothing at
 * all is thrown: a server that fails, is too busy, or wants a credential may be of any era.
 */
final class Probe {
    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    private static final Set<Integer> MODERN_CODES = Set.of(
            JsonRpcError.HEADER_MISMATCH,
            JsonRpcError.MISSING_REQUIRED_CLIENT_CAPABILITY,
            JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION);

    /** What came out. */
    sealed interface Finding {
        record IsModern(Session session) implements Finding {}

        /** @param silent whether it said nothing at all, rather than something else */
        record IsLegacy(boolean silent) implements Finding {}
    }

    private final Settings settings;
    private final Revisions revisions;

    Probe(Settings settings) {
        this.settings = settings;
        this.revisions = new Revisions(settings.versions());
    }

    /** Whether an error is one that a legacy server does not have. */
    static boolean isModernError(int code) {
        return MODERN_CODES.contains(code);
    }

    /** @param silenceIsLegacy whether no answer means a legacy server: yes for a process, no for HTTP */
    Finding ask(Connection connection, Duration limit, boolean silenceIsLegacy) throws InterruptedException {
        ProtocolVersion version = revisions.bestModern().orElseThrow();
        try {
            return ask(connection, version, limit, true);
        } catch (CallTimeoutException e) {
            if (silenceIsLegacy) {
                return new Finding.IsLegacy(true);
            }
            throw e;
        } catch (TransportException e) {
            boolean silent = e.status().isEmpty();
            if (silent ? silenceIsLegacy : isRefusal(e.status().getAsInt())) {
                return new Finding.IsLegacy(silent);
            }
            throw e;
        }
    }

    private Finding ask(Connection connection, ProtocolVersion version, Duration limit, boolean first)
            throws InterruptedException {
        Modern era = new Modern(version.wire(), settings.client(), settings.capabilities());
        JsonNode result;
        try {
            result = discover(connection, era, limit);
        } catch (ProtocolViolationException e) {
            LOG.debug("The answer to server/discover is not that of a modern server", e);
            return new Finding.IsLegacy(false);
        } catch (RpcException e) {
            if (e.code() == JsonRpcError.UNSUPPORTED_PROTOCOL_VERSION) {
                JsonNode supported =
                        e.data().map(data -> data.path("supported")).orElse(Json.object());
                Optional<ProtocolVersion> mutual = revisions.mutual(supported, true);
                if (first && mutual.isPresent()) {
                    return ask(connection, mutual.get(), limit, false);
                }
                return legacyAmong(supported, e);
            }
            if (isModernError(e.code()) || !isRefusal(e.status())) {
                throw e;
            }
            return new Finding.IsLegacy(false);
        }
        return discovered(connection, era, version, result);
    }

    private static JsonNode discover(Connection connection, Modern era, Duration limit) throws InterruptedException {
        Pending pending = connection.send(
                "server/discover",
                id -> era.params(Json.object(), Meta.EMPTY, null, null),
                era.headers("server/discover", Json.object()),
                notification -> {});
        try {
            return pending.await(limit, limit, false);
        } catch (CallTimeoutException e) {
            connection.cancel(pending, e);
            throw e;
        }
    }

    private Finding discovered(Connection connection, Modern era, ProtocolVersion version, JsonNode result) {
        JsonNode supported = result.path("supportedVersions");
        if (!supported.isArray()) {
            return new Finding.IsLegacy(false);
        }
        Optional<ProtocolVersion> mutual = revisions.mutual(supported, true);
        if (mutual.isEmpty()) {
            return legacyAmong(supported, null);
        }
        Modern agreed = mutual.get() == version
                ? era
                : new Modern(mutual.get().wire(), settings.client(), settings.capabilities());
        return new Finding.IsModern(new Session(connection, agreed, Description.ofDiscovered(mutual.get(), result)));
    }

    private Finding legacyAmong(JsonNode supported, @Nullable McpException why) {
        if (revisions.mutual(supported, false).isPresent()) {
            return new Finding.IsLegacy(false);
        }
        throw new ProtocolViolationException(
                "The server speaks " + Excerpt.of(supported.toString(), 200) + ", this client offers " + revisions,
                why);
    }

    /** Refused as something unknown; not: busy, broken, or in want of a credential. A JSON-RPC error may come with 200. */
    private static boolean isRefusal(int status) {
        return status < 500 && status != 408 && status != 425 && status != 429 && status != 401 && status != 403;
    }
}
