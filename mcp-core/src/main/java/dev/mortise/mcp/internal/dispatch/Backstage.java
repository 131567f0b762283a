package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.extension.DetachedCall;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.era.Eras;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.CacheableResult;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.PendingInputStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** The parts of a server as its extensions see them. */
public final class Backstage implements RunningServer {
    private final MethodTable methods;
    private final InterceptorChain interceptors;
    private final Settlements settlements;
    private final PendingInputStore pendingInputs;
    private final Visibility visibility;
    private final ServerEvents events;
    private final Eras eras;
    private final Clock clock;
    private final Hints hints;
    private final Consumer<Predicate<Caller>> disconnecting;

    public Backstage(
            MethodTable methods,
            InterceptorChain interceptors,
            Settlements settlements,
            PendingInputStore pendingInputs,
            Visibility visibility,
            ServerEvents events,
            Eras eras,
            Clock clock,
            Hints hints,
            Consumer<Predicate<Caller>> disconnecting) {
        this.methods = methods;
        this.interceptors = interceptors;
        this.settlements = settlements;
        this.pendingInputs = pendingInputs;
        this.visibility = visibility;
        this.events = events;
        this.eras = eras;
        this.clock = clock;
        this.hints = hints;
        this.disconnecting = disconnecting;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public ServerEvents events() {
        return events;
    }

    @Override
    public Decision decide(Caller caller, Target target) {
        return visibility.decide(caller, target);
    }

    @Override
    public Optional<Tool> tool(Caller caller, String name) {
        return methods.tools().find(caller, name);
    }

    @Override
    public Wording wording() {
        return eras.wording();
    }

    @Override
    public Optional<? extends Entry> entry(Caller caller, Target.Kind kind, String name) {
        return switch (kind) {
            case TOOL -> tool(caller, name);
            case PROMPT -> methods.prompts().find(caller, name);
            case RESOURCE -> methods.readable(caller, name);
            case RESOURCE_TEMPLATE -> methods.templates().find(caller, name);
            case NONE -> Optional.empty();
        };
    }

    @Override
    public List<Tool> tools(Caller caller, int limit) {
        return methods.tools().page(caller, null, limit).entries();
    }

    @Override
    public List<Resource> resources(Caller caller, int limit) {
        return methods.resources().page(caller, null, limit).entries();
    }

    @Override
    public List<ResourceTemplate> resourceTemplates(Caller caller, int limit) {
        return methods.templates().page(caller, null, limit).entries();
    }

    @Override
    public List<Prompt> prompts(Caller caller, int limit) {
        return methods.prompts().page(caller, null, limit).entries();
    }

    @Override
    public ToolDefinition definition(Tool tool) {
        return methods.definitions().of(tool);
    }

    JsonRpcError error(Refusal refusal, CallContext context) {
        return eras.error(refusal, context.version());
    }

    @Override
    public CacheableResult hinted(CacheableResult result) {
        return result.withCaching(hints.lists().toMillis(), hints.listScope());
    }

    @Override
    public Optional<Refusal> objection(Call call) {
        return tool(call.caller(), call.target().name()).flatMap(tool -> ToolsCall.objection(tool, live(call)));
    }

    private static LiveCall live(Call call) {
        if (call instanceof LiveCall live) {
            return live;
        }
        throw new IllegalArgumentException("This call is none of this server's: pass it on as it came");
    }

    @Override
    public DetachedCall detach(Call call, ProgressListener progress) {
        LiveCall live = live(call);
        live.detach(progress);
        return new DetachedRun(live, this, null);
    }

    @Override
    public DetachedCall resume(
            JsonNode state, Map<String, JsonNode> answers, CallContext context, ProgressListener progress) {
        SavedCall saved = SavedCall.from(state);
        RpcMethod.Binding binding = methods.find("tools/call")
                .orElseThrow(() -> new IllegalArgumentException("This server has no tools"))
                .bind(context.caller(), saved.params());
        LiveCall call = saved.resume(binding.target(), answers, context, pendingInputs, clock.instant());
        call.detach(progress);
        return new DetachedRun(call, this, binding.invocation());
    }

    @Override
    public boolean settle(JsonNode state, Settlement.Ending ending) {
        return settlements.settle(SavedCall.from(state).charges(), ending);
    }

    @Override
    public void disconnect(Predicate<Caller> whose) {
        disconnecting.accept(whose);
    }

    InterceptorChain interceptors() {
        return interceptors;
    }

    Settlements settlements() {
        return settlements;
    }
}
