package dev.mortise.mcp.extension;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.schema.CacheableResult;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a server offers to its extensions while it runs. Thread-safe. */
public interface RunningServer {
    Clock clock();

    ServerEvents events();

    /** In which words this server refuses. */
    Wording wording();

    /**
     * A tool, resource, template or prompt, whatever the policy says about it.
     *
     * @param name as {@link Target} has it: a tool's or prompt's name, a URI, a URI template
     */
    Optional<? extends Entry> entry(Caller caller, Target.Kind kind, String name);

    /** What the server's policy says; without one, everything is allowed. */
    Decision decide(Caller caller, Target target);

    /** A tool, whatever the policy says about it. */
    Optional<Tool> tool(Caller caller, String name);

    /**
     * The tools that a caller may see, in the order of lists: the policy has decided. It may block, as sources may.
     *
     * @param limit the most that are wanted, at least 1
     */
    List<Tool> tools(Caller caller, int limit);

    /** As {@link #tools}, for resources. */
    List<Resource> resources(Caller caller, int limit);

    /** As {@link #tools}, for resource templates. */
    List<ResourceTemplate> resourceTemplates(Caller caller, int limit);

    /** As {@link #tools}, for prompts. */
    List<Prompt> prompts(Caller caller, int limit);

    /** A tool as lists show it, with what other extensions add to its {@code _meta}. */
    ToolDefinition definition(Tool tool);

    /** A result with this server's hints on the caching of its lists. */
    CacheableResult hinted(CacheableResult result);

    /** What would refuse a call of a tool before its handler runs: header fields that do not match, for example. */
    Optional<Refusal> objection(Call call);

    /**
     * Lets a call go on after its request is answered. From then on its progress is the listener's, and nothing of it
     * goes to the client that began it.
     *
     * @param call as it came to an interceptor of this server
     */
    DetachedCall detach(Call call, ProgressListener progress);

    /**
     * Takes up a call again, here or on another replica: as a new round, with new answers.
     *
     * @param state of {@link DetachedCall#state}
     * @param answers by the keys of their questions
     * @param context of whoever has it go on: its caller must be the one that began the call
     * @throws IllegalArgumentException if the state cannot be read
     */
    DetachedCall resume(JsonNode state, Map<String, JsonNode> answers, CallContext context, ProgressListener progress);

    /**
     * Ends the charges of a call that nobody will take up again; idempotent, as settlements are.
     *
     * @param state of {@link DetachedCall#state}
     * @return false if a store is down that is needed for that: then it has to be done again, by whoever
     */
    boolean settle(JsonNode state, Settlement.Ending ending);

    /** Ends the streams, sessions, running calls and tasks of some callers, as {@code McpServer.disconnect}. */
    void disconnect(Predicate<Caller> whose);

    /** Takes note of the progress of a call. */
    @FunctionalInterface
    interface ProgressListener {
        /**
         * Must not block.
         *
         * @param total {@code null} if unknown
         * @param message for the user; may be {@code null}
         */
        void progress(double progress, @Nullable Double total, @Nullable String message);
    }
}
