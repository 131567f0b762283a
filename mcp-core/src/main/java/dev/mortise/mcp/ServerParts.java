package dev.mortise.mcp;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.internal.dispatch.InterceptorChain;
import dev.mortise.mcp.internal.dispatch.Settlements;
import dev.mortise.mcp.internal.era.Eras;
import dev.mortise.mcp.internal.listen.Subscriptions;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.PendingInputStore;
import java.time.Duration;
import java.util.List;

/** What a server is made of, as its builder has put it together. */
record ServerParts(
        Authenticator authenticator,
        Eras eras,
        InterceptorChain interceptors,
        Settlements settlements,
        PendingInputStore pendingInputs,
        Subscriptions subscriptions,
        ServerEvents events,
        List<HttpRoute> routes,
        ServerCapabilities capabilities,
        Registry<Tool> tools,
        Registry<Resource> resources,
        Registry<ResourceTemplate> resourceTemplates,
        Registry<Prompt> prompts,
        List<ServerCompanion> companions,
        Duration shutdownNotice,
        int maxRunningCalls,
        Duration shutdownGrace,
        Wording wording) {}
