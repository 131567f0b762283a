package dev.mortise.mcp.call;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The words in which clients and servers speak of calls that can be sent again without being carried out again. They
 * are an extension of ours; {@code mcp-security} serves it, and {@code McpClient} uses it by itself.
 */
public final class IdempotencyKey {
    /**
     * The member of a request's {@code _meta} that holds the key: 1 to 128 visible ASCII characters, unguessable, the
     * same when the same call is sent again.
     */
    public static final String META_KEY = "dev.mortise/idempotencyKey";

    /** The extension that a server declares which carries out a call with a key once. */
    public static final String EXTENSION = "dev.mortise/idempotentCalls";

    /** What {@code data.reason} of an error says while the first call with a key is still running. */
    public static final String IN_USE = "idempotency-key-in-use";

    private IdempotencyKey() {}

    /** Whether an error says that the first call with the key is still running, so that it pays to ask again. */
    public static boolean isInUse(int code, @Nullable JsonNode data) {
        return code == 409 && data != null && data.path("reason").asString("").equals(IN_USE);
    }
}
