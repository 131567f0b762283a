package dev.mortise.mcp;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.LoadedSkill;
import dev.mortise.mcp.client.LocalServer;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.client.ServerDescription;
import dev.mortise.mcp.client.ServerEndpoint;
import dev.mortise.mcp.client.SkillEntry;
import dev.mortise.mcp.client.SkillRejectedException;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.client.ToolFailedException;
import dev.mortise.mcp.internal.client.Engine;
import dev.mortise.mcp.internal.client.Lenient;
import dev.mortise.mcp.internal.client.skill.SkillReader;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.CompleteResult;
import dev.mortise.mcp.schema.Completion;
import dev.mortise.mcp.schema.CompletionReference;
import dev.mortise.mcp.schema.GetPromptResult;
import dev.mortise.mcp.schema.PromptDefinition;
import dev.mortise.mcp.schema.ReadResourceResult;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceTemplateDefinition;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.ToolDefinition;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of one MCP server, of any revision, over any transport. Blocking, made for virtual threads; thread-safe.
 *
 * <pre>{@code
 * try (McpClient client = McpClient.http(URI.create("http://127.0.0.1:4321/mcp"))
 *         .clientInfo("demo", "1.0")
 *         .connect()) {
 *     client.tools().forEach(tool -> System.out.println(tool.name()));
 *     CallToolResult sum = client.callTool("add", Map.of("a", 1, "b", 2));
 * }
 * }</pre>
 *
 * <p>Every method that talks to the server throws an {@link McpException} where it cannot do what it is for. A connection
 * that is lost is opened again by the next call.
 *
 * <p>Lists and reads are kept for as long as the server allows. What was listed has consequences for calls: the
 * arguments that a tool wants to have repeated in HTTP headers are, and its results are held to its output schema.
 */
public final class McpClient implements AutoCloseable {
    private final Engine engine;
    private final SkillReader skills;

    McpClient(Engine engine) {
        this.engine = engine;
        this.skills = new SkillReader(engine);
    }

    /** Begins a client of the server at this URL, whichever revision it turns out to speak. */
    public static McpClientBuilder http(URI uri) {
        return to(HttpEndpoint.of(uri));
    }

    /** Begins a client of a server that is known to speak the HTTP+SSE transport of 2024-11-05 only. */
    public static McpClientBuilder httpSse(URI uri) {
        return to(HttpEndpoint.of(uri).sseOnly(true));
    }

    /** Begins a client of a server that it starts as a process of its own. */
    public static McpClientBuilder stdio(String... command) {
        return to(ServerCommand.of(command));
    }

    /** Begins a client of a server in this process. Closing the client does not close the server. */
    public static McpClientBuilder inMemory(McpServer server) {
        return to(new LocalServer(server::handle));
    }

    /** Begins a client of a server that needs more to be said about. */
    public static McpClientBuilder to(ServerEndpoint endpoint) {
        return new McpClientBuilder(endpoint);
    }

    /** What the server says about itself, and the revision that is spoken with it. */
    public ServerDescription server() {
        return engine.server();
    }

    /**
     * The server's tools. The stream fetches a page when it gets there, so that it may throw while it is read; tools
     * that must not be used, because their definition breaks the rules, are left out.
     */
    public Stream<ToolDefinition> tools() {
        return engine.tools();
    }

    /** The server's prompts, as {@link #tools}. */
    public Stream<PromptDefinition> prompts() {
        return engine.list("prompts/list", "prompts", PromptDefinition.class);
    }

    /** The server's resources, as {@link #tools}. */
    public Stream<ResourceDefinition> resources() {
        return engine.list("resources/list", "resources", ResourceDefinition.class);
    }

    /** The server's resource templates, as {@link #tools}. */
    public Stream<ResourceTemplateDefinition> resourceTemplates() {
        return engine.list("resources/templates/list", "resourceTemplates", ResourceTemplateDefinition.class);
    }

    /**
     * Calls a tool. What it asks is answered by the handlers of this client; if the server makes a task of it, the task is
     * waited for.
     *
     * @param arguments a record, a map, a JSON tree; whatever becomes a JSON object
     * @return what the tool returned, which may be that it failed ({@link CallToolResult#isError})
     */
    public CallToolResult callTool(String name, Object arguments) {
        return callTool(name, arguments, CallOptions.DEFAULT);
    }

    public CallToolResult callTool(String name, Object arguments, CallOptions options) {
        return engine.callTool(name, object(arguments), options);
    }

    /**
     * Calls a tool and reads its structured content.
     *
     * @throws ToolFailedException if the tool says that it failed
     * @throws ProtocolViolationException if there is no structured content, or it is not of this type
     */
    public <T> T callTool(String name, Object arguments, Class<T> type) {
        return callTool(name, arguments, type, CallOptions.DEFAULT);
    }

    public <T> T callTool(String name, Object arguments, Class<T> type, CallOptions options) {
        CallToolResult result = callTool(name, arguments, options);
        if (result.isError()) {
            throw new ToolFailedException(name, result);
        }
        JsonNode content = result.structuredContent();
        if (content == null) {
            throw new ProtocolViolationException(
                    "The tool " + name + " gave no structured content; callTool without a type has its text");
        }
        return Lenient.read("tools/call", content, type);
    }

    public ReadResourceResult readResource(String uri) {
        return readResource(uri, CallOptions.DEFAULT);
    }

    public ReadResourceResult readResource(String uri, CallOptions options) {
        JsonNode result = engine.cached("resources/read", Json.object().put("uri", uri), options);
        return Lenient.read("resources/read", result, ReadResourceResult.class);
    }

    public GetPromptResult getPrompt(String name, Map<String, String> arguments) {
        return getPrompt(name, arguments, CallOptions.DEFAULT);
    }

    public GetPromptResult getPrompt(String name, Map<String, String> arguments, CallOptions options) {
        ObjectNode params = Json.object().put("name", name);
        params.set("arguments", Json.tree(arguments));
        return Lenient.read("prompts/get", engine.call("prompts/get", params, options), GetPromptResult.class);
    }

    /**
     * The skills that the server lists, as {@link #tools}: what to show and to choose from, without a byte of the skills
     * themselves. A server may have more than it lists. Empty where it has none at all.
     */
    public Stream<SkillEntry> skills() {
        return skills.list();
    }

    /** One skill as it is now, listed or not. */
    public SkillEntry skill(String uri) {
        return skills.get(uri, CallOptions.DEFAULT);
    }

    /**
     * Reads a skill's {@code SKILL.md}, which is to say that a model may act on it from now on: ask the user before. Needs
     * {@code org.snakeyaml:snakeyaml-engine} beside this library.
     *
     * @throws SkillRejectedException if it is not what the entry says
     */
    public LoadedSkill loadSkill(SkillEntry entry) {
        return loadSkill(entry, CallOptions.DEFAULT);
    }

    public LoadedSkill loadSkill(SkillEntry entry, CallOptions options) {
        return skills.load(entry, options);
    }

    /** What an argument that somebody is typing may become. */
    public Completion complete(CompletionReference reference, String argument, String typed) {
        return complete(reference, argument, typed, Map.of());
    }

    /** @param known other arguments, which have their values already */
    public Completion complete(
            CompletionReference reference, String argument, String typed, Map<String, String> known) {
        ObjectNode params = Json.object();
        params.set("ref", Json.tree(reference));
        params.putObject("argument").put("name", argument).put("value", typed);
        if (!known.isEmpty()) {
            params.putObject("context").set("arguments", Json.tree(known));
        }
        JsonNode result = engine.call("completion/complete", params, CallOptions.DEFAULT);
        return Lenient.read("completion/complete", result, CompleteResult.class).completion();
    }

    /**
     * Listens to changes until the subscription, or the client, is closed; returns once the server has agreed. Whatever is
     * kept of what changes is forgotten. The listener runs on a thread of its own, for one change after the other.
     */
    public Subscription listen(SubscriptionFilter filter, Consumer<ServerChange> listener) {
        return engine.listen(filter, listener);
    }

    /** Calls a method that this class does not know, such as an extension's. */
    public JsonNode request(String method, @Nullable Object params) {
        return request(method, params, CallOptions.DEFAULT);
    }

    public JsonNode request(String method, @Nullable Object params, CallOptions options) {
        return engine.call(method, params == null ? Json.object() : object(params), options);
    }

    /** Asks for a sign of life: {@code ping} where there is such, else {@code server/discover}. */
    public void ping() {
        engine.ping();
    }

    /** Says that the roots have changed. Modern servers ask for them when they need them, and are not told. */
    public void rootsChanged() {
        engine.rootsChanged();
    }

    private static ObjectNode object(Object value) {
        if (Json.tree(value) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("Arguments are a JSON object, such as a record or a map; not "
                + value.getClass().getName());
    }

    /** Cancels what is under way, says goodbye where there is a session, and stops the process of a stdio server. */
    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return "McpClient[" + engine.label() + "]";
    }
}
