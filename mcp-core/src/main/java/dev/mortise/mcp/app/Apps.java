package dev.mortise.mcp.app;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CacheScope;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Entry;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The extension {@code io.modelcontextprotocol/ui}: hosts that can show views show them for the results of tools; others
 * use the same tools as ever, so a tool's result says in text what its view would show. A plugin; thread-safe.
 *
 * <pre>{@code
 * McpServer server = McpServer.builder("weather", "1.0")
 *         .plugin(Apps.of(dashboard))
 *         .tool(Tool.named("get_weather").with(Apps.VIEW, ToolView.of(dashboard)).handle((in, call) -> forecast(in)))
 *         .build();
 * }</pre>
 */
public final class Apps implements McpServer.Plugin {
    /** The id of the extension. */
    public static final String ID = "io.modelcontextprotocol/ui";

    /** The view of a tool. */
    public static final Attribute<ToolView> VIEW = Attribute.of("dev.mortise.mcp.app.view", ToolView.class);

    private final List<View> views;

    private Apps(List<View> views) {
        this.views = List.copyOf(views);
    }

    /** These views, as resources of the server. */
    public static Apps of(View... views) {
        return new Apps(List.of(views));
    }

    /** Whether the client shows views like ours: a tool may then leave to the view what is better seen than read. */
    public static boolean areShownBy(CallContext client) {
        JsonNode types = Json.tree(client.capabilities().extensions()).path(ID).path("mimeTypes");
        return types.valueStream().anyMatch(type -> View.MIME_TYPE.equals(type.asString("")));
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.extension(ID, Json.object()).definitionMeta(Apps::described).intercept(Stage.EXTEND, Apps::listed);
        views.forEach(view -> builder.resource(view.resource()));
    }

    private static Meta described(Entry entry, Meta meta) {
        Optional<ToolView> view = entry.get(VIEW);
        if (view.isEmpty()) {
            return meta;
        }
        ObjectNode ui = Json.object().put("resourceUri", view.get().view().uri());
        ArrayNode visibility = ui.putArray("visibility");
        if (view.get().forModel()) {
            visibility.add("model");
        }
        if (view.get().forApp()) {
            visibility.add("app");
        }
        return meta.with("ui", ui);
    }

    /** Hosts that know no views would hand tools that are for views only to their model. */
    private static Outcome listed(Call call, Interceptor.Chain chain) {
        Outcome outcome = chain.proceed(call);
        if (!call.method().equals("tools/list")
                || !(outcome instanceof Outcome.Complete complete)
                || !(complete.result() instanceof ListToolsResult list)
                || list.tools().stream().noneMatch(Apps::isForViewsOnly)) {
            return outcome;
        }
        ListToolsResult shown = areShownBy(call.context())
                ? list
                : list.withTools(list.tools().stream()
                        .filter(tool -> !isForViewsOnly(tool))
                        .toList());
        // The same question has different answers now: no shared cache may keep either.
        return new Outcome.Complete(shown.withCaching(list.ttlMs(), CacheScope.PRIVATE));
    }

    private static boolean isForViewsOnly(ToolDefinition tool) {
        JsonNode visibility =
                tool.meta().get("ui").map(ui -> ui.path("visibility")).orElse(Json.object());
        return visibility.isArray() && visibility.valueStream().noneMatch(who -> "model".equals(who.asString("")));
    }
}
