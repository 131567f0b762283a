package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.TaskNews;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tasks of revision 2025-11-25, which had them in its core and in a form of its own: what the era needs of whoever
 * keeps tasks, and, on the calls of its clients, what that one needs to know. Thread-safe.
 */
public interface LegacyTasks extends TaskNews {
    /** The extension that they have become since. */
    String EXTENSION = "io.modelcontextprotocol/tasks";

    /** The client wants a task, now; never on a call of a revision that leaves the decision to the server. */
    Attribute<Wish> WISH = Attribute.of("dev.mortise.mcp.internal.taskWish", Wish.class);

    /** Whose session a call belongs to, where it belongs to one. */
    Attribute<Peer> PEER = Attribute.of("dev.mortise.mcp.internal.taskPeer", Peer.class);

    /** @param ttl how long the client would like it to be kept; {@code null} if it does not say */
    record Wish(@Nullable Duration ttl) {
        /**
         * Reads the member {@code task} of params.
         *
         * @throws IllegalArgumentException if it is not as specified, in words for the peer
         */
        static Optional<Wish> from(@Nullable JsonNode task) {
            if (task == null || task.isNull()) {
                return Optional.empty();
            }
            if (!task.isObject()) {
                throw new IllegalArgumentException("task must be an object");
            }
            JsonNode ttl = task.get("ttl");
            if (ttl == null || ttl.isNull()) {
                return Optional.of(new Wish(null));
            }
            if (!ttl.isNumber() || !(ttl.doubleValue() >= 0)) {
                throw new IllegalArgumentException("task.ttl must be a number of milliseconds");
            }
            // More than any server keeps a task for, and still an instant that can be written.
            double longest = Duration.ofDays(36_500).toMillis();
            return Optional.of(new Wish(Duration.ofMillis((long) Math.min(ttl.doubleValue(), longest))));
        }
    }

    /** The client of a session. */
    interface Peer {
        LegacySession.Name session();

        /**
         * Puts a question of a task to the client, on the stream of a call.
         *
         * @param request as a modern client would get it
         * @throws IOException if there is no way to the client on this call
         */
        Put ask(Call call, String task, JsonNode request) throws IOException;

        /** Tells the client something on the stream of a call, if it reads one. */
        void tell(Call call, Message.Notification notification);
    }

    /**
     * A question that was put.
     *
     * @param answer as a modern client would give it; fails, in words for people, if the client has refused to answer, and
     *     is cancelled if the session ends
     * @param withdraw nobody waits for the answer any more
     */
    record Put(CompletableFuture<JsonNode> answer, Runnable withdraw) {}

    /** Whether a tool may, or has to, be called as a task. */
    enum Support {
        FORBIDDEN,
        OPTIONAL,
        REQUIRED
    }

    Support support(Caller caller, String tool);

    /** The methods of these clients. */
    Optional<ServerMethod<?>> method(String name);

    /**
     * What a client is told at its beginning.
     *
     * @param identified whether its tasks can be told from everybody else's, so that they can be listed
     */
    static ObjectNode capability(boolean identified) {
        ObjectNode capability = Json.object();
        if (identified) {
            capability.putObject("list");
        }
        capability.putObject("cancel");
        capability.putObject("requests").putObject("tools").putObject("call");
        return capability;
    }
}
