package dev.mortise.mcp;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Policy;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.extension.DefinitionIcons;
import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.internal.dispatch.Backstage;
import dev.mortise.mcp.internal.dispatch.Hints;
import dev.mortise.mcp.internal.dispatch.InterceptorChain;
import dev.mortise.mcp.internal.dispatch.MethodTable;
import dev.mortise.mcp.internal.dispatch.PolicyGate;
import dev.mortise.mcp.internal.dispatch.Settlements;
import dev.mortise.mcp.internal.dispatch.Visibility;
import dev.mortise.mcp.internal.era.Eras;
import dev.mortise.mcp.internal.era.LegacyParts;
import dev.mortise.mcp.internal.era.ModernEra;
import dev.mortise.mcp.internal.listen.Subscriptions;
import dev.mortise.mcp.internal.resilience.Protecting;
import dev.mortise.mcp.internal.state.StateSealer;
import dev.mortise.mcp.schema.CacheScope;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Registry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.InMemoryPendingInputStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Composes an {@link McpServer}. Not thread-safe; a builder makes one server. */
public final class McpServerBuilder {
    private static final int MAX_CLAIMED_STATES = 100_000;

    private final Implementation.Builder info;
    private final List<Source<Tool>> toolSources = new ArrayList<>();
    private final List<Source<Resource>> resourceSources = new ArrayList<>();
    private final List<Source<ResourceTemplate>> templateSources = new ArrayList<>();
    private final List<Source<Prompt>> promptSources = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<Resource> resources = new ArrayList<>();
    private final List<ResourceTemplate> templates = new ArrayList<>();
    private final List<Prompt> prompts = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private final List<HttpRoute> routes = new ArrayList<>();
    private final ServerExtensions added = new ServerExtensions();
    private final ServerLimits limits = new ServerLimits();
    private final InterceptorChain.Builder interceptors = new InterceptorChain.Builder();
    private @Nullable String instructions;
    private @Nullable Authenticator authenticator;
    private @Nullable Policy policy;
    private @Nullable StateKeys stateKeys;
    private @Nullable PendingInputStore pendingInputs;
    private LegacyClients legacyClients = LegacyClients.withSessions();
    private ServerEvents events = ServerEvents.local();
    private Clock clock = Clock.systemUTC();
    private Wording wording = Wording.english();
    private boolean publicLists;
    private boolean publicReads;

    McpServerBuilder(String name, String version) {
        this.info = Implementation.builder(name, version);
    }

    /** A name for people. */
    public McpServerBuilder title(String title) {
        info.title(title);
        return this;
    }

    public McpServerBuilder description(String description) {
        info.description(description);
        return this;
    }

    public McpServerBuilder websiteUrl(String websiteUrl) {
        info.websiteUrl(websiteUrl);
        return this;
    }

    public McpServerBuilder icons(Icon... icons) {
        info.icons(icons);
        return this;
    }

    /** Tells a model how to use this server well. */
    public McpServerBuilder instructions(String newInstructions) {
        this.instructions = newInstructions;
        return this;
    }

    public McpServerBuilder tool(Tool tool) {
        tools.add(tool);
        return this;
    }

    public McpServerBuilder resource(Resource resource) {
        resources.add(resource);
        return this;
    }

    public McpServerBuilder resourceTemplate(ResourceTemplate template) {
        templates.add(template);
        return this;
    }

    public McpServerBuilder prompt(Prompt prompt) {
        prompts.add(prompt);
        return this;
    }

    /** Adds tools that are not all known now. To begin with none, and add some later, give {@link #none}. */
    public McpServerBuilder tools(Source<Tool> source) {
        toolSources.add(source);
        return this;
    }

    public McpServerBuilder resources(Source<Resource> source) {
        resourceSources.add(source);
        return this;
    }

    public McpServerBuilder resourceTemplates(Source<ResourceTemplate> source) {
        templateSources.add(source);
        return this;
    }

    public McpServerBuilder prompts(Source<Prompt> source) {
        promptSources.add(source);
        return this;
    }

    /** A source without entries: declares a capability whose entries come at run time. */
    public static <T extends Entry> Source<T> none() {
        return new Registry<>(() -> {});
    }

    public McpServerBuilder plugin(McpServer.Plugin plugin) {
        plugin.install(this);
        return this;
    }

    /** Without one, everybody on the network is {@linkplain Caller#anonymous() anonymous}. */
    public McpServerBuilder authenticator(Authenticator newAuthenticator) {
        requireUnset(authenticator, "authenticator");
        this.authenticator = newAuthenticator;
        return this;
    }

    /** Without one, everything is allowed. */
    public McpServerBuilder policy(Policy newPolicy) {
        requireUnset(policy, "policy");
        this.policy = newPolicy;
        return this;
    }

    public McpServerBuilder intercept(Stage stage, Interceptor interceptor) {
        interceptors.add(stage, interceptor);
        return this;
    }

    public McpServerBuilder settlement(Settlement settlement) {
        settlements.add(settlement);
        return this;
    }

    public McpServerBuilder route(HttpRoute route) {
        routes.add(route);
        return this;
    }

    /**
     * Declares an extension.
     *
     * @param id with a prefix, such as {@code com.example/search} (Versioning: Extension Negotiation)
     * @param settings as the extension defines them; an empty object where there are none
     */
    public McpServerBuilder extension(String id, ObjectNode settings) {
        added.declared.put(id, settings);
        return this;
    }

    /** Adds a JSON-RPC method of an extension. */
    public McpServerBuilder method(ServerMethod<?> method) {
        added.methods.add(method);
        return this;
    }

    /** Adds a kind of notification to listen streams. */
    public McpServerBuilder topic(ListenTopic topic) {
        added.topics.add(topic);
        return this;
    }

    /** Adds to the {@code _meta} of what lists show of tools and resources. */
    public McpServerBuilder definitionMeta(DefinitionMeta addition) {
        added.definitionMeta.add(addition);
        return this;
    }

    /** Adds pictures to what lists show of tools and resources that have none; of several, the first that knows any counts. */
    public McpServerBuilder definitionIcons(DefinitionIcons icons) {
        added.definitionIcons.add(icons);
        return this;
    }

    /** Adds something that is started, and stopped, with the server. */
    public McpServerBuilder companion(ServerCompanion companion) {
        added.companions.add(companion);
        return this;
    }

    /** Looks at each tool, resource and prompt when the server is built; what it throws fails the build. */
    public McpServerBuilder inspect(Consumer<Entry> inspector) {
        added.inspectors.add(inspector);
        return this;
    }

    /** Needed where several replicas, or one that restarts, serve the same clients. */
    public McpServerBuilder stateKeys(StateKeys keys) {
        this.stateKeys = keys;
        return this;
    }

    /** How long a user may take over a question; 15 minutes unless set. */
    public McpServerBuilder stateTtl(Duration ttl) {
        limits.stateTtl = ServerLimits.positive(ttl, "stateTtl");
        return this;
    }

    public McpServerBuilder pendingInputs(PendingInputStore store) {
        this.pendingInputs = store;
        return this;
    }

    /** How clients of revisions before 2026-07-28 are served; with sessions unless set. */
    public McpServerBuilder legacyClients(LegacyClients service) {
        this.legacyClients = service;
        return this;
    }

    public McpServerBuilder events(ServerEvents newEvents) {
        this.events = newEvents;
        return this;
    }

    public McpServerBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    /**
     * In which words, and so in which language, people and models are told that something is not done; English unless
     * set. Extensions follow its language with words of their own.
     */
    public McpServerBuilder wording(Wording newWording) {
        this.wording = newWording;
        return this;
    }

    /**
     * Adds what is said in the server's language, such as tools with their descriptions, once {@link #build} knows its
     * {@link #wording}: a plugin cannot ask for it before, because its host may set it later.
     */
    public McpServerBuilder worded(Consumer<Wording> adds) {
        added.worded.add(adds);
        return this;
    }

    /** How long clients may take lists, and what this server says of itself, for fresh; a minute unless set. */
    public McpServerBuilder listTtl(Duration ttl) {
        limits.listTtl = ServerLimits.notNegative(ttl, "listTtl");
        return this;
    }

    /** How long clients may take the content of resources for fresh; not at all unless set. */
    public McpServerBuilder readTtl(Duration ttl) {
        limits.readTtl = ServerLimits.notNegative(ttl, "readTtl");
        return this;
    }

    /**
     * Declares that lists are the same for everybody, so that shared caches may keep them, although there is an
     * authenticator, a policy or a source that could make them differ.
     */
    public McpServerBuilder publicLists() {
        this.publicLists = true;
        return this;
    }

    /** Declares that resources hold nothing that depends on who reads them, as {@link #publicLists}. */
    public McpServerBuilder publicReads() {
        this.publicReads = true;
        return this;
    }

    /** The most entries on one page of a list; 100 unless set. */
    public McpServerBuilder pageSize(int entries) {
        limits.pageSize = ServerLimits.atLeastOne(entries, "pageSize");
        return this;
    }

    /** The most listen streams at once; 10,000 unless set. */
    public McpServerBuilder maxListenStreams(int streams) {
        limits.maxListenStreams = ServerLimits.atLeastOne(streams, "maxListenStreams");
        return this;
    }

    /** The most listen streams of one caller at once; 1,000 unless set. All who are anonymous share the other bound only. */
    public McpServerBuilder maxListenStreamsPerCaller(int streams) {
        limits.maxListenStreamsPerCaller = ServerLimits.atLeastOne(streams, "maxListenStreamsPerCaller");
        return this;
    }

    /** The most calls that run at once, listen streams apart; 10,000 unless set. Others are refused with 503. */
    public McpServerBuilder maxRunningCalls(int calls) {
        limits.maxRunningCalls = ServerLimits.atLeastOne(calls, "maxRunningCalls");
        return this;
    }

    /** The most bytes that one resource is read to from a file or a stream; 16 MiB unless set. */
    public McpServerBuilder maxResourceBytes(int bytes) {
        limits.maxResourceBytes = ServerLimits.atLeastOne(bytes, "maxResourceBytes");
        return this;
    }

    /**
     * How long a server that closes still takes calls, with its readiness down, so that a load balancer finds out
     * before anybody is refused; not at all unless set.
     */
    public McpServerBuilder shutdownNotice(Duration notice) {
        limits.shutdownNotice = ServerLimits.notNegative(notice, "shutdownNotice");
        return this;
    }

    /** How long running calls may take to finish when the server closes; 10 seconds unless set. */
    public McpServerBuilder shutdownGrace(Duration grace) {
        limits.shutdownGrace = ServerLimits.notNegative(grace, "shutdownGrace");
        return this;
    }

    /**
     * Composes the server.
     *
     * @throws IllegalArgumentException if two entries have the same name, saying which; or if one declares a protection
     *     on which no plugin acts
     */
    public McpServer build() {
        added.sayIn(wording);
        Stream.of(tools, resources, templates, prompts)
                .<Entry>flatMap(List::stream)
                .forEach(added::inspect);
        if (!interceptors.build().has(Protecting.class)) {
            Protecting.expectNone(
                    Stream.of(tools, resources, templates, prompts).<Entry>flatMap(List::stream));
        }
        Registry<Tool> ownTools = filled(tools, events::toolsChanged);
        Registry<Resource> ownResources = filled(resources, events::resourcesChanged);
        Registry<ResourceTemplate> ownTemplates = filled(templates, events::resourcesChanged);
        Registry<Prompt> ownPrompts = filled(prompts, events::promptsChanged);
        ServerCapabilities capabilities = capabilities();
        Visibility visibility = new Visibility(policy);
        InterceptorChain.Builder chain = interceptors;
        if (policy != null) {
            chain.addFirst(Stage.AUTHORIZE, new PolicyGate(visibility));
        }
        StateSealer sealer = new StateSealer(stateKeys == null ? StateKeys.random() : stateKeys);
        Subscriptions subscriptions = new Subscriptions(limits.maxListenStreams, limits.maxListenStreamsPerCaller);
        MethodTable methodTable = new MethodTable(new MethodTable.Parts(
                with(ownTools, toolSources),
                with(ownResources, resourceSources),
                with(ownTemplates, templateSources),
                with(ownPrompts, promptSources),
                capabilities,
                ModernEra.supported(),
                instructions,
                visibility,
                hints(),
                limits.pageSize,
                limits.maxResourceBytes,
                events,
                subscriptions,
                clock,
                added.methods,
                added.topics,
                added.definitionMeta,
                added.definitionIcons));
        Implementation self = info.build();
        InterceptorChain stages = chain.build();
        Settlements charges = new Settlements(settlements);
        PendingInputStore claims =
                pendingInputs == null ? new InMemoryPendingInputStore(MAX_CLAIMED_STATES, clock) : pendingInputs;
        ModernEra era = new ModernEra(self, methodTable, sealer, limits.stateTtl, clock, wording);
        Eras eras = new Eras(
                era,
                LegacyService.endpoint(
                        legacyClients,
                        new LegacyParts(
                                self,
                                capabilities,
                                instructions,
                                methodTable,
                                charges,
                                limits.stateTtl,
                                clock,
                                added.legacyTasks(),
                                wording),
                        events,
                        limits.maxListenStreams));
        McpServer server = new McpServer(new ServerParts(
                authenticator == null ? McpServerBuilder::nobodyInParticular : authenticator,
                eras,
                stages,
                charges,
                claims,
                subscriptions,
                events,
                List.copyOf(routes),
                capabilities,
                ownTools,
                ownResources,
                ownTemplates,
                ownPrompts,
                List.copyOf(added.companions),
                limits.shutdownNotice,
                limits.maxRunningCalls,
                limits.shutdownGrace,
                wording));
        if (!added.companions.isEmpty()) {
            Backstage backstage = new Backstage(
                    methodTable, stages, charges, claims, visibility, events, eras, clock, hints(), server::disconnect);
            added.companions.forEach(companion -> companion.start(backstage));
        }
        return server;
    }

    /** A capability is declared where there is something, or a source that may bring something. */
    private ServerCapabilities capabilities() {
        boolean hasTools = !tools.isEmpty() || !toolSources.isEmpty();
        boolean hasPrompts = !prompts.isEmpty() || !promptSources.isEmpty();
        boolean hasResources = !resources.isEmpty()
                || !templates.isEmpty()
                || !resourceSources.isEmpty()
                || !templateSources.isEmpty();
        boolean completes = !promptSources.isEmpty()
                || !templateSources.isEmpty()
                || prompts.stream().anyMatch(Prompt::completes)
                || templates.stream().anyMatch(ResourceTemplate::completes);
        return added.capabilities(hasTools, hasPrompts, hasResources, completes);
    }

    /** What could differ between callers is private unless it is declared public. */
    private Hints hints() {
        boolean perCaller = authenticator != null
                || policy != null
                || Stream.of(toolSources, resourceSources, templateSources, promptSources)
                        .flatMap(List::stream)
                        .anyMatch(Source::perCaller);
        return new Hints(limits.listTtl, limits.readTtl, scope(perCaller, publicLists), scope(perCaller, publicReads));
    }

    private static CacheScope scope(boolean perCaller, boolean declaredPublic) {
        return perCaller && !declaredPublic ? CacheScope.PRIVATE : CacheScope.PUBLIC;
    }

    private static Authenticator.Admission nobodyInParticular(Origin origin) {
        return Authenticator.admit(origin instanceof LocalProcess ? Caller.local() : Caller.anonymous());
    }

    private static <T extends Entry> Registry<T> filled(List<T> entries, Runnable onChange) {
        Registry<T> registry = new Registry<>(onChange);
        entries.forEach(registry::add);
        return registry;
    }

    private static <T extends Entry> List<Source<T>> with(Registry<T> own, List<Source<T>> others) {
        List<Source<T>> all = new ArrayList<>();
        all.add(own);
        all.addAll(others);
        return all;
    }

    private static void requireUnset(@Nullable Object value, String name) {
        if (value != null) {
            throw new IllegalStateException("There is an " + name + " already; a server has one: combine them first");
        }
    }
}
