package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.era.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Sends a call of a tool again whose answer was lost with its connection, where its server has said that it does not
 * carry out twice what has a key. Thread-safe; blocks.
 */
final class Resending {
    private static final int SENDINGS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Settings settings;
    private final Sessions sessions;
    private volatile boolean safe;

    Resending(Settings settings, Sessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
    }

    /** @param send sends the call with these options, and waits for its end */
    JsonNode call(CallOptions options, Function<CallOptions, JsonNode> send) {
        if (!isSafe()) {
            return send.apply(options);
        }
        CallOptions keyed = options.meta().get(IdempotencyKey.META_KEY).isPresent()
                ? options
                : options.meta(options.meta()
                        .with(IdempotencyKey.META_KEY, UUID.randomUUID().toString()));
        Budget pauses = new Budget(settings, options);
        for (int sending = 1; ; sending++) {
            try {
                return send.apply(keyed);
            } catch (TransportException e) {
                if (sending == SENDINGS) {
                    throw e;
                }
            } catch (RpcException e) {
                // The first sending arrived, and is still being worked on.
                if (sending == 1
                        || sending == SENDINGS
                        || !IdempotencyKey.isInUse(e.code(), e.data().orElse(null))) {
                    throw e;
                }
            }
            pause(pauses);
        }
    }

    /** As the server said when it was last connected to: nobody connects only to find out. */
    private boolean isSafe() {
        Optional<Session> session = sessions.peek();
        if (session.isPresent()) {
            safe = session.get().server().capabilities().supportsExtension(IdempotencyKey.EXTENSION);
        }
        return safe;
    }

    private static void pause(Budget pauses) {
        try {
            pauses.pause("tools/call", PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new dev.mortise.mcp.client.CallCancelledException("tools/call was interrupted");
        }
    }
}
