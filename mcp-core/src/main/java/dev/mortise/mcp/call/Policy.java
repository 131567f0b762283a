package dev.mortise.mcp.call;

/**
 * Decides what a caller may see and use, from static grants only: never from a rate, a quota or the time, because a
 * list must not change as a side effect of other requests (tools: Capabilities). The one policy of a server decides
 * lists, calls, reads, completions and events alike. Called from many threads. If it throws, the answer is
 * {@link Decision.Deny}.
 */
@FunctionalInterface
public interface Policy {
    Decision decide(Caller caller, Target target);
}
