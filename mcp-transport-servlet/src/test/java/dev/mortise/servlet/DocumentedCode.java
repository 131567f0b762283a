package dev.mortise.servlet;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.McpClients;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.app.Apps;
import dev.mortise.mcp.app.ToolView;
import dev.mortise.mcp.app.View;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.LoadedSkill;
import dev.mortise.mcp.client.QualifiedTool;
import dev.mortise.mcp.client.ServerChange;
import dev.mortise.mcp.client.SkillEntry;
import dev.mortise.mcp.client.Subscription;
import dev.mortise.mcp.client.auth.ClientMetadata;
import dev.mortise.mcp.client.auth.IdentityProvider;
import dev.mortise.mcp.client.auth.OAuth;
import dev.mortise.mcp.client.auth.RegisteredClient;
import dev.mortise.mcp.client.auth.SigningKey;
import dev.mortise.mcp.client.auth.SubjectToken;
import dev.mortise.mcp.client.auth.TokenStore;
import dev.mortise.mcp.client.auth.WorkloadToken;
import dev.mortise.mcp.health.Checks;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallLog;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.Scrape;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.observe.ServerTracing;
import dev.mortise.mcp.resilience.Alerter;
import dev.mortise.mcp.resilience.Alerting;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.Bulkhead;
import dev.mortise.mcp.resilience.Component;
import dev.mortise.mcp.resilience.Fallback;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.resilience.Retry;
import dev.mortise.mcp.resilience.Startup;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitRequestFormParams;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.ResourceContents;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.skill.Skill;
import dev.mortise.mcp.skill.Skills;
import dev.mortise.mcp.store.jdbc.JdbcStores;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.RedisStores;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.StdioTransport;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.ServletContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.sql.DataSource;
import tools.jackson.databind.node.ObjectNode;

/** The code of the README and the guide, word for word, so that it compiles; {@link DocumentedCodeTest} compares. */
final class DocumentedCode {
    interface Rows {
        String delete(String table);
    }

    record Search(String query, int limit) {}

    record Hits(List<String> names) {}

    private final Rows rows;

    DocumentedCode(Rows rows) {
        this.rows = rows;
    }

    static void compose(ServletContext servletContext) {
        record Add(
                @Description("First addend") int a,
                @Description("Second addend") int b) {}

        McpServer server = McpServer.builder("calculator", "1.0")
                .tool(Tool.of("add", "Adds two numbers", Add.class, in -> in.a() + in.b()))
                .build();

        StdioTransport.run(server::handle);

        McpServlet.mount(servletContext, server, "/mcp");

        McpServlet.mount(
                servletContext,
                server,
                HttpOptions.builder().allowHost("mcp.example.com").build(),
                "/mcp");

        HttpSseServlet.mount(servletContext, server, HttpOptions.defaults(), "/sse");

        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        wire.send("{}");
    }

    record DeleteArgs(String table) {}

    record Confirm(@Description("Really delete them?") boolean yes) {}

    static final Question<Confirm> CONFIRM = Question.consent("confirm", Confirm.class, "Delete 312 rows?");

    ToolOutcome delete(DeleteArgs args, ToolCall call) {
        return switch (call.answer(CONFIRM)) {
            case Answer.Accepted<Confirm> ok when ok.value().yes() -> done(rows.delete(args.table()));
            case Answer.Accepted<Confirm> no -> failed("Nothing was deleted.");
            case Answer.Declined<Confirm> no -> failed("You declined the deletion.");
            case Answer.Cancelled<Confirm> no -> failed("The question was dismissed.");
            case Answer.Missing<Confirm> none -> ask(CONFIRM);
        };
    }

    static List<Object> guide() {
        Tool search = Tool.named("search_documents")
                .title("Search the documents")
                .description("Finds passages that contain the words of a query")
                .input(Search.class)
                .output(Hits.class)
                .annotations(ToolAnnotations.builder().readOnly(true).build())
                .handle((in, call) -> find(in.query(), in.limit()));

        Resource readme = Resource.file("docs:///readme.md", "readme.md", "text/markdown", Path.of("readme.md"));

        Resource report = Resource.at("docs:///report", "report")
                .mimeType("application/pdf")
                .read(call -> ResourceOutcome.found(call.stream(openReport())));

        ResourceTemplate notes = ResourceTemplate.at("notes:///{name}", "notes")
                .mimeType("text/plain")
                .complete("name", typed -> namesThatStartWith(typed.value()))
                .read(call -> noteNamed(call.variable("name"))
                        .map(text -> ResourceOutcome.found(call.text(text)))
                        .orElseGet(ResourceOutcome::notFound));

        Prompt outline = Prompt.named("outline")
                .description("Asks for an outline of a document")
                .argument("document", "Which one")
                .optionalArgument("depth", "How many levels")
                .complete("document", typed -> namesThatStartWith(typed.value()))
                .handle(call -> PromptOutcome.text(
                        "Outline " + call.argument("document").orElseThrow()));
        return List.of(search, readme, report, notes, outline);
    }

    static HttpOptions observe(ObservationRegistry observations) {
        record Add(int a, int b) {}

        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServerMetrics metrics = ServerMetrics.to(registry);
        McpServer observed = McpServer.builder("calculator", "1.0")
                .tool(Tool.of("add", "Adds two numbers", Add.class, in -> in.a() + in.b()))
                .plugin(ServerTracing.to(observations))
                .plugin(metrics)
                .plugin(CallLog.create())
                .plugin(ActiveCallers.by(CallerHash.random()).reportTo(metrics.sink()))
                .route(Scrape.fromThisMachine("/metrics", registry::scrape))
                .build();
        HttpOptions options = HttpOptions.builder().observer(metrics.http()).build();
        observed.close();
        return options;
    }

    static McpServer forLegacyClients() {
        McpServer server = McpServer.builder("documents", "1.0")
                .legacyClients(LegacyClients.withSessions().idleTimeout(Duration.ofHours(1)))
                .build();
        return server;
    }

    static List<McpServer> extended(Path folder) {
        McpServer reports = McpServer.builder("reports", "1.0")
                .plugin(Tasks.create())
                .tool(Tool.named("yearly_report")
                        .annotations(ToolAnnotations.builder().idempotent(true).build())
                        .with(Tasks.MODE, TaskMode.after(Duration.ofSeconds(2)))
                        .handle((in, call) -> {
                            for (int month = 1; month <= 12; month++) {
                                call.progress(month, 12.0, "Month " + month);
                                readMonth(month);
                            }
                            return "The report is ready.";
                        }))
                .build();

        McpServer billing = McpServer.builder("billing", "1.0")
                .plugin(Skills.folder(folder)
                        .and(Skill.named("refunds", "Process refund requests per company policy")
                                .under("acme/billing")
                                .file("examples/email.md", "Dear customer, …")
                                .instructions("# Refunds\n\nUse `examples/email.md` as a template.")))
                .build();

        View dashboard = View.at("ui://weather/dashboard", "dashboard")
                .connectsTo("https://api.example.com")
                .prefersBorder(true)
                .html("<!DOCTYPE html><html>…</html>");

        McpServer weather = McpServer.builder("weather", "1.0")
                .plugin(Apps.of(dashboard))
                .tool(Tool.named("get_weather")
                        .with(Apps.VIEW, ToolView.of(dashboard))
                        .handle((in, call) -> "Sunny, 22 °C"))
                .build();
        return List.of(reports, billing, weather);
    }

    private static void readMonth(int month) {
        LocalDate.of(2026, month, 1);
    }

    record Add(int a, int b) {}

    record Sum(int sum) {}

    static void call() {
        try (McpClient client = McpClient.http(URI.create("http://127.0.0.1:8080/mcp"))
                .clientInfo("demo", "1.0")
                .connect()) {
            client.tools().forEach(tool -> System.out.println(tool.name()));
            CallToolResult result = client.callTool("add", Map.of("a", 1, "b", 2));
            Sum sum = client.callTool("add", new Add(1, 2), Sum.class);
        }
    }

    static Subscription follow(McpClient client) {
        Subscription subscription = client.listen(
                SubscriptionFilter.builder().toolsListChanged(true).build(), change -> {
                    switch (change) {
                        case ServerChange.Tools tools -> refreshTools();
                        case ServerChange.Prompts prompts -> {}
                        case ServerChange.Resources resources -> {}
                        case ServerChange.Resource resource -> {}
                    }
                });
        return subscription;
    }

    static void useSkills(McpClient client) {
        for (SkillEntry entry : client.skills().toList()) {
            if (userApproves(entry.name(), entry.description(), entry.files())) {
                LoadedSkill skill = client.loadSkill(entry);
                tellModel("From the server docs, not verified by anybody:\n" + skill.text());
                ResourceContents template = skill.read("templates/invoice.md");
            }
        }
    }

    static McpClientBuilder answer() {
        McpClientBuilder builder = McpClient.stdio("documents-server")
                .onElicitation(form -> ElicitResult.accept(askUser(form)))
                .onUrlElicitation(page -> openBrowser(page.url()) ? ElicitAction.ACCEPT : ElicitAction.DECLINE)
                .onSampling(request -> CreateMessageResult.of("my-model", TextContent.of(think(request))))
                .roots(Root.of("file:///home/ann/project"));
        return builder;
    }

    static void callMany() {
        try (McpClients servers = McpClients.builder()
                .add("docs", McpClient.http(URI.create("https://docs.example.com/mcp")))
                .add("files", McpClient.stdio("files-server"))
                .build()) {
            List<QualifiedTool> tools = servers.tools();
            CallToolResult found = servers.callTool("docs__search", Map.of("query", "mortise"));
        }
    }

    private static void refreshTools() {}

    private static boolean userApproves(String name, String description, List<SkillEntry.File> files) {
        return true;
    }

    private static void tellModel(String text) {}

    private static ObjectNode askUser(ElicitRequestFormParams form) {
        throw new UnsupportedOperationException(form.message());
    }

    private static boolean openBrowser(String url) {
        return !url.isEmpty();
    }

    private static String think(CreateMessageRequestParams request) {
        return request.messages().toString();
    }

    /** What starts, stops and answers. */
    interface Service {
        void open() throws Exception;

        void close() throws Exception;

        void ping() throws Exception;
    }

    static McpServer resilient(Service pool, Service index, Tool search) {
        Startup startup = Startup.of(
                Component.named("database").start(pool::open).stop(pool::close).build(),
                Component.named("index")
                        .tier(2)
                        .optional()
                        .serves("search_*")
                        .start(index::open)
                        .stop(index::close)
                        .build());
        startup.start();

        Alerting alerting = Alerting.to(Alerter.log(), Alerter.alertmanager(URI.create("http://alertmanager:9093")));
        Resilience resilience = Resilience.builder()
                .startup(startup)
                .tools(
                        "search_*",
                        Protection.builder()
                                .timeout(Duration.ofSeconds(2))
                                .retry(Retry.upTo(3))
                                .breaker(Breaker.after(5, 10))
                                .bulkhead(Bulkhead.of(50).queue(100, Duration.ofMillis(500)))
                                .fallback(Fallback.value("Search is having a rest. Try again in a minute."))
                                .build())
                .overload(Overload.adaptive())
                .listener(alerting)
                .build();
        Health health = Health.builder()
                .startup(startup)
                .check(HealthCheck.ping("database", pool::ping))
                .check(Checks.threadStarvation("threads", Duration.ofMillis(500))
                        .in(HealthCheck.Group.LIVE))
                .listener(alerting)
                .build();
        McpServer server = McpServer.builder("acme", "1.0")
                .plugin(resilience)
                .plugin(health)
                .tool(search)
                .build();
        return server;
    }

    static Guard guard() {
        Guard rates = Guard.of(
                "exchange-rates",
                Protection.builder()
                        .timeout(Duration.ofSeconds(1))
                        .breaker(Breaker.after(5, 10))
                        .build());
        return rates;
    }

    private static Hits find(String query, int limit) {
        return new Hits(List.of(query).subList(0, Math.min(1, limit)));
    }

    private static InputStream openReport() {
        return new ByteArrayInputStream(new byte[0]);
    }

    private static List<String> namesThatStartWith(String prefix) {
        return List.of(prefix);
    }

    private static Optional<String> noteNamed(String name) {
        return Optional.of(name);
    }

    static McpServer replica(byte[] secret) {
        JedisRedis redis = JedisRedis.connect(URI.create("redis://redis.internal:6379"), Duration.ofSeconds(2));
        RedisStores stores = RedisStores.of(redis);
        McpServer server = McpServer.builder("calculator", "1.0")
                .stateKeys(StateKeys.of(secret))
                .pendingInputs(stores.pendingInputs())
                .events(stores.serverEvents())
                .legacyClients(LegacyClients.withSessions().stores(stores.sessions(), stores.events()))
                .build();
        return server;
    }

    static JdbcStores inSql(DataSource dataSource) {
        JdbcStores stores = JdbcStores.of(dataSource).schema("mortise").migrate();
        return stores;
    }

    static List<HttpAuthorization> authorizations(Path tokenFile, SecretKey fileKey, String pem, String secret) {
        HttpAuthorization byUser = OAuth.authorizationCode()
                .clientMetadataDocument(URI.create("https://app.example/client.json"))
                .dynamicRegistration(ClientMetadata.named("Example"))
                .tokens(TokenStore.encryptedFile(tokenFile, fileKey))
                .build();

        HttpAuthorization byItself =
                OAuth.clientCredentials("reports", SigningKey.pem(pem, "key-1")).build();

        HttpAuthorization byEnterprise = OAuth.enterpriseManaged(
                        IdentityProvider.at("https://idp.example", RegisteredClient.withoutSecret("desktop")),
                        () -> SubjectToken.idToken(idTokenOfTheUser()))
                .registered(RegisteredClient.withSecret("desktop", secret).at("https://as.example"))
                .build();

        HttpAuthorization byPlatform = OAuth.workloadIdentity(WorkloadToken.file(Path.of("/var/run/secrets/token")))
                .issuer("https://as.example")
                .build();

        return List.of(byUser, byItself, byEnterprise, byPlatform);
    }

    private static String idTokenOfTheUser() {
        return "header.claims.signature";
    }
}
