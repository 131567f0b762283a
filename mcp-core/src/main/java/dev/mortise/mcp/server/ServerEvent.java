package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Caller;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something that listening clients want to know of. */
public sealed interface ServerEvent {
    record ToolsChanged() implements ServerEvent {}

    record PromptsChanged() implements ServerEvent {}

    record ResourcesChanged() implements ServerEvent {}

    /** The content of a resource has changed. */
    record ResourceUpdated(String uri) implements ServerEvent {}

    /**
     * Somebody is done at a page that a question had sent them to.
     *
     * @param page stands for the page's address, which may hold secrets and is not spread
     */
    record PageCompleted(String page) implements ServerEvent {}

    /**
     * Events of other replicas may have been lost: everything that one listens for may have changed. Published by
     * {@link ServerEvents} that span replicas, after they were cut off from them.
     */
    record Missed() implements ServerEvent {}

    /**
     * Something that an extension tells about has changed.
     *
     * @param topic the name of a {@link dev.mortise.mcp.extension.ListenTopic}
     * @param key which of its things: a task's id, for example
     */
    record TopicChanged(String topic, String key) implements ServerEvent {}

    /**
     * A change that only the callers of one tenant are told of: to others it would show what they may not know.
     *
     * @param tenant of {@link Caller#tenant()}; {@code null}: those that have none
     * @param event a change of a list or of a resource
     */
    record ForTenant(@Nullable String tenant, ServerEvent event) implements ServerEvent {
        /** @throws IllegalArgumentException if everybody is told of such an event, or an extension decides who is */
        public ForTenant {
            switch (event) {
                case ToolsChanged tools -> {}
                case PromptsChanged prompts -> {}
                case ResourcesChanged resources -> {}
                case ResourceUpdated updated -> {}
                case PageCompleted page -> throw unaddressed(event);
                case Missed missed -> throw unaddressed(event);
                case TopicChanged topic -> throw unaddressed(event);
                case ForTenant tenants -> throw unaddressed(event);
            }
        }

        private static IllegalArgumentException unaddressed(ServerEvent event) {
            return new IllegalArgumentException("This is no change of a list or a resource: " + event);
        }
    }

    /** What a caller is told of this; empty if nothing. */
    default Optional<ServerEvent> toldTo(Caller caller) {
        if (!(this instanceof ForTenant addressed)) {
            return Optional.of(this);
        }
        return Objects.equals(addressed.tenant(), caller.tenant().orElse(null))
                ? Optional.of(addressed.event())
                : Optional.empty();
    }
}
