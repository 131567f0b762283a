package dev.mortise.mcp;

import dev.mortise.mcp.client.ElicitationHandler;
import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.KnownEras;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.SamplingHandler;
import dev.mortise.mcp.client.ServerEndpoint;
import dev.mortise.mcp.client.UrlElicitationHandler;
import dev.mortise.mcp.internal.client.Answers;
import dev.mortise.mcp.internal.client.Engine;
import dev.mortise.mcp.internal.client.Settings;
import dev.mortise.mcp.internal.client.era.Revisions;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import dev.mortise.mcp.schema.Implementation;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.LoggingMessageNotificationParams;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.Root;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settings of a client. What there is a handler for is what the client declares to servers; without any, a server cannot
 * ask anything. Not thread-safe.
 */
public final class McpClientBuilder {
    /** The extension under which a call may become a task. */
    private static final String TASKS = "io.modelcontextprotocol/tasks";

    private ServerEndpoint endpoint;
    private Implementation client = Implementation.of("mortise", "0.1");
    private @Nullable ElicitationHandler form;
    private @Nullable UrlElicitationHandler url;
    private @Nullable SamplingHandler sampling;
    private boolean samplingTools;
    private @Nullable Supplier<List<Root>> roots;
    private final Map<String, ObjectNode> extensions = new LinkedHashMap<>(Map.of(TASKS, Json.object()));
    private List<ProtocolVersion> versions = Revisions.all();
    private Duration timeout = Duration.ofSeconds(60);
    private Duration maxTime = Duration.ofMinutes(10);
    private Duration connectTimeout = Duration.ofSeconds(30);
    private Duration probeTimeout = Duration.ofSeconds(5);
    private int maxMessageBytes = 24 * 1024 * 1024;
    private int maxPages = 1000;
    private int maxRounds = 16;
    private Supplier<Meta> meta = () -> Meta.EMPTY;
    private @Nullable LoggingLevel logLevel;
    private Consumer<LoggingMessageNotificationParams> onLog = message -> {};
    private Clock clock = Clock.systemUTC();
    private KnownEras eras = new KnownEras();

    McpClientBuilder(ServerEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Who this client says it is. */
    public McpClientBuilder clientInfo(String name, String version) {
        return clientInfo(Implementation.of(name, version));
    }

    public McpClientBuilder clientInfo(Implementation info) {
        this.client = info;
        return this;
    }

    /**
     * Gives HTTP requests their credential.
     *
     * @throws IllegalStateException if the server is not at a URL
     */
    public McpClientBuilder authorization(HttpAuthorization authorization) {
        endpoint = http("authorization").authorization(authorization);
        return this;
    }

    /**
     * A further header field of every HTTP request, such as an API key.
     *
     * @throws IllegalStateException if the server is not at a URL
     */
    public McpClientBuilder header(String name, String value) {
        endpoint = http("headers").header(name, value);
        return this;
    }

    private HttpEndpoint http(String what) {
        if (endpoint instanceof HttpEndpoint http) {
            return http;
        }
        throw new IllegalStateException("Only a server at a URL has " + what + "; this one is " + endpoint.label());
    }

    /** Lets servers put forms to the user. */
    public McpClientBuilder onElicitation(ElicitationHandler handler) {
        this.form = handler;
        return this;
    }

    /** Lets servers send the user to a page. */
    public McpClientBuilder onUrlElicitation(UrlElicitationHandler handler) {
        this.url = handler;
        return this;
    }

    /** Lets servers use the client's model, without tools. */
    public McpClientBuilder onSampling(SamplingHandler handler) {
        this.sampling = handler;
        this.samplingTools = false;
        return this;
    }

    /** Lets servers use the client's model, with tools of theirs. */
    public McpClientBuilder onSamplingWithTools(SamplingHandler handler) {
        this.sampling = handler;
        this.samplingTools = true;
        return this;
    }

    /** Tells servers the directories that they may work on. */
    public McpClientBuilder roots(Root... roots) {
        List<Root> fixed = List.of(roots);
        return roots(() -> fixed);
    }

    /** As {@link #roots(Root...)}, for roots that change; asked each time. */
    public McpClientBuilder roots(Supplier<List<Root>> roots) {
        this.roots = roots;
        return this;
    }

    /**
     * Declares an extension.
     *
     * @throws IllegalArgumentException if the id does not have the form {@code prefix/name}
     */
    public McpClientBuilder extension(String id, ObjectNode settings) {
        ClientCapabilities.builder().extension(id, settings);
        extensions.put(id, settings);
        return this;
    }

    /** Whether servers may make tasks of calls, which are then waited for; they may, unless this says otherwise. */
    public McpClientBuilder tasks(boolean allowed) {
        if (allowed) {
            extensions.put(TASKS, Json.object());
        } else {
            extensions.remove(TASKS);
        }
        return this;
    }

    /** The revisions to speak, the best one first; all that the library knows unless set. */
    public McpClientBuilder versions(ProtocolVersion... offered) {
        if (offered.length == 0) {
            throw new IllegalArgumentException("A client speaks at least one revision");
        }
        this.versions = List.of(offered);
        return this;
    }

    /** How long a server may be silent over a call, unless its options say otherwise; 60 seconds unless set. */
    public McpClientBuilder timeout(Duration limit) {
        this.timeout = positive(limit, "timeout");
        return this;
    }

    /** How long a call may take in any case; 10 minutes unless set. */
    public McpClientBuilder maxTime(Duration limit) {
        this.maxTime = positive(limit, "maxTime");
        return this;
    }

    /** For a connection to come about, and for each step of the handshake; 30 seconds unless set. */
    public McpClientBuilder connectTimeout(Duration limit) {
        this.connectTimeout = positive(limit, "connectTimeout");
        return this;
    }

    /**
     * How long a process may take to show that it is modern, before the handshake of older revisions is tried; 5 seconds
     * unless set. More for a server that takes long to start.
     */
    public McpClientBuilder probeTimeout(Duration limit) {
        this.probeTimeout = positive(limit, "probeTimeout");
        return this;
    }

    /** The longest message that is taken; 24 MiB unless set: the largest skill there may be, in Base64. */
    public McpClientBuilder maxMessageBytes(int bytes) {
        this.maxMessageBytes = atLeastOne(bytes, "maxMessageBytes");
        return this;
    }

    /** How many pages a list may have; 1000 unless set. */
    public McpClientBuilder maxPages(int pages) {
        this.maxPages = atLeastOne(pages, "maxPages");
        return this;
    }

    /** How many rounds of questions a call may have; 16 unless set. */
    public McpClientBuilder maxRounds(int rounds) {
        this.maxRounds = atLeastOne(rounds, "maxRounds");
        return this;
    }

    /**
     * What to put into the {@code _meta} of each request: asked on the thread of the caller, so that it can take the
     * trace context ({@code traceparent}) from there.
     */
    public McpClientBuilder meta(Supplier<Meta> perRequest) {
        this.meta = perRequest;
        return this;
    }

    /** Asks servers for log messages of this level and above. */
    public McpClientBuilder onLog(LoggingLevel least, Consumer<LoggingMessageNotificationParams> listener) {
        this.logLevel = least;
        this.onLog = listener;
        return this;
    }

    /** Where to keep what is found out about servers; each client's own unless set. */
    public McpClientBuilder knownEras(KnownEras known) {
        this.eras = known;
        return this;
    }

    /** The clock by which kept results grow stale. */
    public McpClientBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /**
     * Makes the client and connects.
     *
     * @throws McpException if the server cannot be reached, or speaks no revision that is offered
     */
    public McpClient connect() {
        McpClient client = build();
        boolean connected = false;
        try {
            client.server();
            connected = true;
            return client;
        } finally {
            if (!connected) {
                client.close();
            }
        }
    }

    /** Makes the client, which connects when it is first used. */
    public McpClient build() {
        Answers answers = new Answers(form, url, sampling, samplingTools, roots);
        ClientCapabilities.Builder capabilities = answers.declare(ClientCapabilities.builder());
        extensions.forEach(capabilities::extension);
        return new McpClient(new Engine(new Settings(
                endpoint,
                client,
                capabilities.build(),
                answers,
                versions,
                timeout,
                maxTime,
                connectTimeout,
                probeTimeout,
                maxMessageBytes,
                maxPages,
                maxRounds,
                meta,
                logLevel,
                onLog,
                clock,
                eras)));
    }

    private static Duration positive(Duration limit, String name) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(name + " must be more than zero: " + limit);
        }
        return limit;
    }

    private static int atLeastOne(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + value);
        }
        return value;
    }
}
