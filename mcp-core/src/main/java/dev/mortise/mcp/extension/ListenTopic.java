package dev.mortise.mcp.extension;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.jsonrpc.Message;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A kind of notification that an extension adds to listen streams. Publish a {@link
 * dev.mortise.mcp.server.ServerEvent.TopicChanged} with its name and a key; each stream that wants the key is then told
 * once, with what is true at that moment, however often it was published meanwhile. Thread-safe; it may block.
 */
public interface ListenTopic {
    /** The member of a listen request's {@code notifications} that asks for it. */
    String name();

    /**
     * Looks at what a client wishes for.
     *
     * @param wish the member's value, whatever it is
     */
    Wish open(Call call, JsonNode wish);

    /** What is to be told of a key now; empty if nothing is, to this caller, or not any more. */
    Optional<Message.Notification> tell(Call call, String key);

    /** The answer to a wish. */
    sealed interface Wish {
        /**
         * These will be told.
         *
         * @param keys as they stand in events; bounded by the topic
         * @param acknowledged what the acknowledgement says of it
         * @param atOnce whether each is told once at the beginning, so that nothing is missed in between
         */
        record Honoured(Set<String> keys, JsonNode acknowledged, boolean atOnce) implements Wish {
            public Honoured {
                keys = Set.copyOf(keys);
            }
        }

        /** The stream is not opened at all. */
        record Refused(Refusal refusal) implements Wish {}
    }
}
