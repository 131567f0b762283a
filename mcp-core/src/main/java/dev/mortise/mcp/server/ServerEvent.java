package dev.mortise.mcp.server;

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
}
