package dev.mortise.rag.discovery;

import dev.mortise.mcp.app.Apps;
import dev.mortise.mcp.app.ToolView;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.schema.CacheScope;
import dev.mortise.mcp.schema.CacheableResult;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.mcp.server.Tool;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers {@code tools/list} with the tools that are to be listed, on one page: a client that reads no more than the first
 * page would otherwise miss those whose names come late. Depends on nothing but what exists and what the policy says.
 */
final class ProgressiveList implements Interceptor {
    private final Supplier<RunningServer> server;
    private final Predicate<Tool> listed;
    private final int most;

    ProgressiveList(Supplier<RunningServer> server, Predicate<Tool> listed, int most) {
        this.server = server;
        this.listed = listed;
        this.most = most;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        if (!call.method().equals("tools/list")) {
            return chain.proceed(call);
        }
        if (call.params().has("cursor")) {
            return new Outcome.Refused(
                    Refusal.InvalidParams.of("cursor is not one of this list: begin again without it"));
        }
        List<Tool> core =
                server.get().tools(call.caller(), most).stream().filter(listed).toList();
        boolean hasViewsOnly = core.stream().anyMatch(ProgressiveList::isForViewsOnly);
        boolean showsViews = hasViewsOnly && Apps.areShownBy(call.context());
        CacheableResult result = server.get()
                .hinted(ListToolsResult.of(core.stream()
                        .filter(tool -> showsViews || !isForViewsOnly(tool))
                        .map(server.get()::definition)
                        .toList()));
        return new Outcome.Complete(
                // The same question has different answers then: no shared cache may keep either.
                hasViewsOnly ? result.withCaching(result.ttlMs(), CacheScope.PRIVATE) : result);
    }

    private static boolean isForViewsOnly(Tool tool) {
        return tool.get(Apps.VIEW).map(ToolView::forModel).map(model -> !model).orElse(false);
    }
}
