package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.DefinitionIcons;
import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.listen.Subscriptions;
import dev.mortise.mcp.schema.DiscoverResult;
import dev.mortise.mcp.schema.ListPromptsResult;
import dev.mortise.mcp.schema.ListResourceTemplatesResult;
import dev.mortise.mcp.schema.ListResourcesResult;
import dev.mortise.mcp.schema.ListToolsResult;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The methods that a server answers: those of the capabilities it declares. */
public final class MethodTable {
    /** What the methods work on. */
    public record Parts(
            List<Source<Tool>> tools,
            List<Source<Resource>> resources,
            List<Source<ResourceTemplate>> templates,
            List<Source<Prompt>> prompts,
            ServerCapabilities capabilities,
            List<String> versions,
            @Nullable String instructions,
            Visibility visibility,
            Hints hints,
            int pageSize,
            int maxResourceBytes,
            ServerEvents events,
            Subscriptions subscriptions,
            Clock clock,
            List<ServerMethod<?>> extensionMethods,
            List<ListenTopic> topics,
            List<DefinitionMeta> definitionMeta,
            List<DefinitionIcons> definitionIcons) {}

    private final Map<String, RpcMethod> methods = new HashMap<>();
    private final Catalogue<Tool> tools;
    private final Catalogue<Resource> resources;
    private final Catalogue<ResourceTemplate> templates;
    private final Catalogue<Prompt> prompts;
    private final Definitions definitions;
    private final ResourcesRead read;
    private final Visibility visibility;

    public MethodTable(Parts parts) {
        visibility = parts.visibility();
        Hints hints = parts.hints();
        int pageSize = parts.pageSize();
        ServerEvents events = parts.events();
        ServerCapabilities capabilities = parts.capabilities();
        this.tools = new Catalogue<>(Target.Kind.TOOL, parts.tools(), visibility);
        this.prompts = new Catalogue<>(Target.Kind.PROMPT, parts.prompts(), visibility);
        this.resources = new Catalogue<>(Target.Kind.RESOURCE, parts.resources(), visibility);
        this.templates = new Catalogue<>(Target.Kind.RESOURCE_TEMPLATE, parts.templates(), visibility);
        this.definitions = new Definitions(parts.definitionMeta(), parts.definitionIcons());
        read = new ResourcesRead(resources, templates, events, hints, parts.maxResourceBytes());

        methods.put(
                "server/discover",
                new Discover(
                        DiscoverResult.of(parts.versions(), capabilities).withInstructions(parts.instructions()),
                        hints));
        methods.put(
                "subscriptions/listen",
                new Listen(
                        capabilities,
                        parts.subscriptions(),
                        events,
                        read::target,
                        visibility,
                        parts.clock(),
                        parts.topics()));
        if (capabilities.tools() != null) {
            methods.put("tools/call", new ToolsCall(tools, events));
            methods.put(
                    "tools/list",
                    new ListEntries<>(
                            "tools",
                            tools,
                            pageSize,
                            hints,
                            (page, next) -> ListToolsResult.of(
                                            page.stream().map(definitions::of).toList())
                                    .withNextCursor(next)));
        }
        if (capabilities.prompts() != null) {
            methods.put("prompts/get", new PromptsGet(prompts, events));
            methods.put(
                    "prompts/list",
                    new ListEntries<>(
                            "prompts",
                            prompts,
                            pageSize,
                            hints,
                            (page, next) -> ListPromptsResult.of(page.stream()
                                            .map(Prompt::definition)
                                            .toList())
                                    .withNextCursor(next)));
        }
        if (capabilities.resources() != null) {
            methods.put("resources/read", read);
            methods.put(
                    "resources/list",
                    new ListEntries<>(
                            "resources",
                            resources,
                            pageSize,
                            hints,
                            (page, next) -> ListResourcesResult.of(
                                            page.stream().map(definitions::of).toList())
                                    .withNextCursor(next)));
            methods.put(
                    "resources/templates/list",
                    new ListEntries<>(
                            "templates",
                            templates,
                            pageSize,
                            hints,
                            (page, next) -> ListResourceTemplatesResult.of(page.stream()
                                            .map(ResourceTemplate::definition)
                                            .toList())
                                    .withNextCursor(next)));
        }
        if (capabilities.completions() != null) {
            methods.put("completion/complete", new Complete(prompts, templates));
        }
        for (ServerMethod<?> method : parts.extensionMethods()) {
            if (methods.putIfAbsent(method.name(), new ExtensionMethod<>(method)) != null) {
                throw new IllegalArgumentException("There is a method " + method.name()
                        + " already: an extension adds methods, and replaces none");
            }
        }
    }

    Catalogue<Tool> tools() {
        return tools;
    }

    Catalogue<Resource> resources() {
        return resources;
    }

    Catalogue<ResourceTemplate> templates() {
        return templates;
    }

    Catalogue<Prompt> prompts() {
        return prompts;
    }

    /** What lists show. */
    Definitions definitions() {
        return definitions;
    }

    /** What a caller would read at a URI; it may not exist. */
    public Target resource(Caller caller, String uri) {
        return read.target(caller, uri);
    }

    /** What is read at a URI, also where a caller would not get to see it. */
    Optional<? extends Entry> readable(Caller caller, String uri) {
        return read.source(caller, uri);
    }

    /** Whether a caller may know of what happens at a URI. */
    public boolean mayRead(Caller caller, String uri) {
        return !(visibility.decide(caller, resource(caller, uri)) instanceof Decision.Deny);
    }

    public Optional<RpcMethod> find(String method) {
        return Optional.ofNullable(methods.get(method));
    }
}
