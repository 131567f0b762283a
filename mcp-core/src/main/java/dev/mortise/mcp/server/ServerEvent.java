package dev.mortise.mcp.server;

/** Something that listening clients want to know of. */
public sealed interface ServerEvent {
    record ToolsChanged() implements ServerEvent {}

    record PromptsChanged() implements ServerEvent {}

    record ResourcesChanged() implements ServerEvent {}

    /** The content of a resource has changed. */
    record ResourceUpdated(String uri) implements ServerEvent {}
}
