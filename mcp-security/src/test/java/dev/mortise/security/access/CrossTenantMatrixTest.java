package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.MemoryHome;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every method, by everybody who must not: nothing is told, not even whether there is something. An answer is the same to
 * the byte as that about a thing of the same name on a server that has no such thing.
 */
class CrossTenantMatrixTest {
    /** Who asks. */
    enum Who {
        OWN,
        OTHER_TENANT,
        ANONYMOUS,
        EXPIRED,
        REVOKED,
        WRONG_LEVEL,
        TOKEN,
        TOKEN_OF_OTHER_TENANT,
        TOKEN_EXPIRED,
        TOKEN_REVOKED,
        TOKEN_FOR_ANOTHER_SERVER,
        TOKEN_OF_OTHER_ENVIRONMENT,
        TOKEN_OF_WRONG_LEVEL;

        boolean isAdmitted() {
            return isOwner() || isOfWrongLevel() || this == OTHER_TENANT || this == TOKEN_OF_OTHER_TENANT;
        }

        /** One and the same person, whatever she shows. */
        boolean isOwner() {
            return this == OWN || this == TOKEN;
        }

        boolean isOfWrongLevel() {
            return this == WRONG_LEVEL || this == TOKEN_OF_WRONG_LEVEL;
        }
    }

    private static final TestClock CLOCK = new TestClock();
    private static final MemoryHome HOME = new MemoryHome();
    private static final Requirement ACME = Requirement.scopes("s").onlyFor("acme");

    private static final KeyPair KEY = Jose.ec();
    private static final String ISSUER_ID = "https://login.example.com";
    private static final ResourceMetadata ENDPOINT = ResourceMetadata.of("https://mcp.example.com/mcp", ISSUER_ID);
    private static final TokenIssuer ISSUER = TokenIssuer.builder(ISSUER_ID, KeySource.key(KEY.getPublic()))
            .claims(ClaimsMapping.builder()
                    .tenantFrom(Set.of("acme", "other"), "tenant")
                    .reachFrom("reach")
                    .environmentFrom("env")
                    .build())
            .build();

    private static McpServer full;
    private static McpServer empty;
    private static Security security;
    private static final TreeMap<Who, String> TOKENS = new TreeMap<>();

    private static Security security() {
        return Security.in(Environment.TEST)
                .stores(HOME.stores())
                .clock(CLOCK)
                .endpoint(ENDPOINT, ISSUER)
                .pollInterval(Duration.ofMillis(20))
                .build();
    }

    @BeforeAll
    static void start() {
        security = security();
        full = McpServer.builder("test", "1")
                .plugin(Tasks.create())
                .plugin(security)
                .tool(open("open"))
                .tool(Tool.named("secret")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, ACME)
                        .with(Tasks.MODE, TaskMode.always())
                        .handle((in, call) -> "ran"))
                .resource(Resource.at("doc:///secret", "secret")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, ACME)
                        .read(call -> ResourceOutcome.found(call.text("secret"))))
                .resourceTemplate(ResourceTemplate.at("vault:///{id}", "secret")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, ACME)
                        .complete("id", call -> List.of("secret"))
                        .read(call -> ResourceOutcome.found(call.text("secret"))))
                .prompt(Prompt.named("secret")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, ACME)
                        .argument("a", "a")
                        .complete("a", call -> List.of("secret"))
                        .handle(call -> PromptOutcome.text("secret")))
                .build();
        empty = McpServer.builder("test", "1")
                .plugin(Tasks.create())
                .plugin(security())
                .tool(open("open"))
                .resources(dev.mortise.mcp.McpServerBuilder.none())
                .resourceTemplates(dev.mortise.mcp.McpServerBuilder.none())
                .prompts(dev.mortise.mcp.McpServerBuilder.none())
                .build();
        KeyLimits limits = KeyLimits.BASIC.withScopes("s");
        TOKENS.put(Who.OWN, security.keys().issue("ann", "acme", "", limits).secret());
        TOKENS.put(
                Who.OTHER_TENANT,
                security.keys().issue("ann", "other", "", limits).secret());
        TOKENS.put(
                Who.WRONG_LEVEL,
                security.keys()
                        .issue("ann", "acme", "", limits.withReach(SecurityLevel.LOW))
                        .secret());
        TOKENS.put(
                Who.EXPIRED,
                security.keys()
                        .issue(
                                "ann",
                                "acme",
                                "",
                                limits.withExpiry(CLOCK.instant().plusSeconds(1)))
                        .secret());
        IssuedKey revoked = security.keys().issue("ann", "acme", "", limits);
        security.keys().revoke(revoked.key().id());
        TOKENS.put(Who.REVOKED, revoked.secret());
        TOKENS.put(Who.TOKEN, token(claims -> {}));
        TOKENS.put(Who.TOKEN_OF_OTHER_TENANT, token(claims -> claims.put("tenant", "other")));
        TOKENS.put(
                Who.TOKEN_EXPIRED,
                token(claims -> claims.put("exp", CLOCK.instant().getEpochSecond() + 1)));
        TOKENS.put(Who.TOKEN_REVOKED, token(claims -> claims.put("jti", "revoked")));
        security.revokeToken("revoked", CLOCK.instant().plusSeconds(600));
        TOKENS.put(Who.TOKEN_FOR_ANOTHER_SERVER, token(claims -> claims.put("aud", "https://mcp.example.com/other")));
        TOKENS.put(Who.TOKEN_OF_OTHER_ENVIRONMENT, token(claims -> claims.put("env", "live")));
        TOKENS.put(Who.TOKEN_OF_WRONG_LEVEL, token(claims -> claims.put("reach", "LOW")));
        CLOCK.pass(Duration.ofSeconds(2));
    }

    private static String token(Consumer<ObjectNode> twist) {
        long now = CLOCK.instant().getEpochSecond();
        ObjectNode claims = Json.object()
                .put("iss", ISSUER_ID)
                .put("sub", "ann")
                .put("aud", "https://mcp.example.com/mcp")
                .put("client_id", "app")
                .put("iat", now)
                .put("exp", now + 3600)
                .put("jti", "good")
                .put("scope", "s")
                .put("tenant", "acme")
                .put("reach", "MEDIUM")
                .put("env", "test");
        twist.accept(claims);
        return Jose.es256("{'typ':'at+jwt','alg':'ES256'}", claims.toString(), KEY.getPrivate());
    }

    private static Tool open(String name) {
        return Tool.named(name).with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW).handle((in, call) -> "ran");
    }

    @AfterAll
    static void stop() {
        full.close();
        empty.close();
    }

    /** A request about something of acme's. */
    record Row(String method, String params) {
        @Override
        public String toString() {
            return method + " " + params;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row("tools/list", "{}"),
                new Row("resources/list", "{}"),
                new Row("resources/templates/list", "{}"),
                new Row("prompts/list", "{}"),
                new Row("tools/call", "{'name':'secret','arguments':{}}"),
                new Row("tools/call", "{'name':'secret','arguments':{'a':1},'requestState':'x','inputResponses':{}}"),
                new Row("resources/read", "{'uri':'doc:///secret'}"),
                new Row("resources/read", "{'uri':'vault:///secret'}"),
                new Row("prompts/get", "{'name':'secret','arguments':{'a':'b'}}"),
                new Row(
                        "completion/complete",
                        "{'ref':{'type':'ref/prompt','name':'secret'},'argument':{'name':'a','value':''}}"),
                new Row(
                        "completion/complete",
                        "{'ref':{'type':'ref/resource','uri':'vault:///{id}'},'argument':{'name':'id','value':''}}"),
                new Row("tasks/get", "{'taskId':'TASK'}"),
                new Row("tasks/cancel", "{'taskId':'TASK'}"),
                new Row("tasks/update", "{'taskId':'TASK','inputResponses':{}}"));
    }

    private static Received ask(McpServer server, Who who, Row row, String task) {
        return Wire.to(server, TOKENS.get(who))
                .can(Wire.TASKS)
                .send(row.method(), row.params().replace("TASK", task));
    }

    private static String task() {
        return Wire.to(full, TOKENS.get(Who.OWN))
                .can(Wire.TASKS)
                .call("secret", "{}")
                .result()
                .path("taskId")
                .asString();
    }

    private static String bytes(Received received) {
        return received.reply().status() + " " + new TreeMap<>(received.reply().headers()) + " "
                + new String(MessageCodec.encode(received.response()), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void nobodyElseLearnsAnything(Row row) {
        String task = task();
        assertThat(task).isNotEmpty();
        List<String> owners = new ArrayList<>();
        for (Who who : Who.values()) {
            if (who.isOwner()) {
                owners.add(bytes(ask(full, who, row, task)));
                continue;
            }
            // A state that this server never gave is refused before anybody looks what it is about.
            String answer = bytes(ask(full, who, row, task));
            assertThat(answer).as("%s", who).isEqualTo(bytes(ask(empty, who, row, task)));
            boolean theirOwnTask = who.isOfWrongLevel() && row.method().startsWith("tasks/");
            assertThat(answer.contains("secret")
                            && !theirOwnTask
                            && !row.params().contains("secret"))
                    .as("%s: %s", who, answer)
                    .isFalse();
            if (!who.isAdmitted()) {
                assertThat(answer).as("%s", who).startsWith("401 ");
            }
        }
        if (!row.params().contains("requestState")) {
            String nothing = bytes(ask(empty, Who.OWN, row, task));
            assertThat(owners).as("the owner gets something else").hasSize(2).doesNotContain(nothing);
        }
    }

    @ParameterizedTest
    @EnumSource(Who.class)
    void onlyTheOwnerIsToldOfChanges(Who who) {
        String wish =
                "{'notifications':{'resourceSubscriptions':['doc:///secret','doc:///none'],'toolsListChanged':true}}";
        if (!who.isAdmitted()) {
            assertThat(Wire.to(full, TOKENS.get(who))
                            .send("subscriptions/listen", wish)
                            .reply()
                            .status())
                    .isEqualTo(401);
            return;
        }
        try (Conversation listening = Wire.to(full, TOKENS.get(who)).open("subscriptions/listen", wish);
                Conversation nothing = Wire.to(empty, TOKENS.get(who)).open("subscriptions/listen", wish)) {
            assertThat(listening.next().toString()).isEqualTo(nothing.next().toString());
            full.events().resourceUpdated("doc:///secret");
            full.events().toolsChanged();
            assertThat(listening.next().method())
                    .isEqualTo(who.isOwner() ? "notifications/resources/updated" : "notifications/tools/list_changed");
        }
    }

    @ParameterizedTest
    @EnumSource(Who.class)
    void discoveryIsTheSameWhateverThereIs(Who who) {
        Row discover = new Row("server/discover", "{}");
        String one = bytes(ask(full, who, discover, ""));
        assertThat(one).doesNotContain("secret").startsWith(who.isAdmitted() ? "200" : "401");
    }

    static List<Row> legacyRows() {
        return List.of(
                new Row("tools/list", "{}"),
                new Row("resources/list", "{}"),
                new Row("resources/templates/list", "{}"),
                new Row("prompts/list", "{}"),
                new Row("tools/call", "{'name':'secret','arguments':{}}"),
                new Row("resources/read", "{'uri':'doc:///secret'}"),
                new Row("resources/read", "{'uri':'vault:///secret'}"),
                new Row("resources/subscribe", "{'uri':'doc:///secret'}"),
                new Row("resources/unsubscribe", "{'uri':'doc:///secret'}"),
                new Row("prompts/get", "{'name':'secret','arguments':{'a':'b'}}"),
                new Row(
                        "completion/complete",
                        "{'ref':{'type':'ref/prompt','name':'secret'},'argument':{'name':'a','value':''}}"),
                new Row(
                        "completion/complete",
                        "{'ref':{'type':'ref/resource','uri':'vault:///{id}'},'argument':{'name':'id','value':''}}"),
                new Row("ping", "{}"),
                new Row("logging/setLevel", "{'level':'info'}"));
    }

    @ParameterizedTest
    @MethodSource("legacyRows")
    void legacyClientsLearnNothingEither(Row row) {
        for (Who who : Who.values()) {
            String answer = legacy(full, who, row);
            boolean same = answer.equals(legacy(empty, who, row));
            boolean indifferent = List.of("ping", "logging/setLevel").contains(row.method());
            if (!who.isOwner() || indifferent) {
                assertThat(same).as("%s: %s", who, answer).isTrue();
            }
            if (!who.isAdmitted()) {
                assertThat(answer).as("%s", who).startsWith("401 ");
            } else if (who.isOwner() && !indifferent) {
                assertThat(same).as("the owner gets something else").isFalse();
            }
        }
    }

    static List<Row> legacyTaskRows() {
        return List.of(
                new Row("tools/call", "{'name':'secret','arguments':{},'task':{}}"),
                new Row("tasks/get", "{'taskId':'TASK'}"),
                new Row("tasks/result", "{'taskId':'TASK'}"),
                new Row("tasks/list", "{}"),
                new Row("tasks/cancel", "{'taskId':'TASK'}"));
    }

    /** Tasks were part of revision 2025-11-25. */
    @ParameterizedTest
    @MethodSource("legacyTaskRows")
    void legacyClientsLearnNothingOfTasks(Row row) {
        String task = task();
        Row about = new Row(row.method(), row.params().replace("TASK", task));
        for (Who who : Who.values()) {
            String answer = legacy(full, who, about);
            boolean same = answer.equals(legacy(empty, who, about));
            if (who.isOwner()) {
                assertThat(same).as("the owner gets something else").isFalse();
            } else {
                assertThat(same).as("%s: %s", who, answer).isTrue();
            }
            if (!who.isAdmitted()) {
                assertThat(answer).as("%s", who).startsWith("401 ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Who.class)
    void onlyTheOwnerIsToldOfATask(Who who) {
        String wish = "{'notifications':{'taskIds':['" + task() + "','none']}}";
        if (!who.isAdmitted()) {
            assertThat(Wire.to(full, TOKENS.get(who))
                            .can(Wire.TASKS)
                            .send("subscriptions/listen", wish)
                            .reply()
                            .status())
                    .isEqualTo(401);
            return;
        }
        try (Conversation listening =
                        Wire.to(full, TOKENS.get(who)).can(Wire.TASKS).open("subscriptions/listen", wish);
                Conversation nothing =
                        Wire.to(empty, TOKENS.get(who)).can(Wire.TASKS).open("subscriptions/listen", wish)) {
            String acknowledged = listening.next().toString();
            if (who.isOwner()) {
                assertThat(acknowledged).isNotEqualTo(nothing.next().toString());
            } else {
                assertThat(acknowledged).isEqualTo(nothing.next().toString());
            }
        }
    }

    /** A session belongs to who began it: its id in other hands is one that does not exist. */
    @ParameterizedTest
    @EnumSource(Who.class)
    void aSessionOfSomebodyElseIsNone(Who who) {
        Wire.Head owner = Wire.Head.with(TOKENS.get(Who.OWN));
        String session = InMemoryTransport.to(full::handle)
                .from(owner)
                .send(request(
                        "initialize",
                        "{'protocolVersion':'2025-11-25','capabilities':{},"
                                + "'clientInfo':{'name':'t','version':'1'}}"))
                .reply()
                .headers()
                .get("Mcp-Session-Id");
        assertThat(session).isNotEmpty();
        for (String method : List.of("POST", "GET", "DELETE")) {
            // One person may show another credential of hers; whoever reaches less sees less in it.
            if (who.isOwner() || who.isOfWrongLevel()) {
                continue;
            }
            String theirs = inSession(who, session, method);
            String none = inSession(who, session.replaceAll("[0-9A-Za-z]", "x"), method);
            assertThat(theirs).as("%s %s", who, method).isEqualTo(none);
            assertThat(theirs).as("%s %s", who, method).startsWith(who.isAdmitted() ? "404 " : "401 ");
        }
        // And it is still there.
        assertThat(inSession(Who.OWN, session, "POST")).startsWith("200 ");
    }

    private static String inSession(Who who, String session, String method) {
        Wire.Head head = Wire.Head.with(TOKENS.get(who))
                .field("Mcp-Session-Id", session)
                .field("MCP-Protocol-Version", "2025-11-25");
        Wire.Head sent = new Wire.Head(method, head.fields(), null);
        Received received = InMemoryTransport.to(full::handle)
                .from(sent)
                .send(method.equals("POST") ? request("tools/list", "{}") : "");
        return received.reply().status() + " " + new TreeMap<>(received.reply().headers()) + " "
                + (received.reply().message() == null
                        ? ""
                        : new String(MessageCodec.encode(received.reply().message()), StandardCharsets.UTF_8));
    }

    private static String legacy(McpServer server, Who who, Row row) {
        Wire.Head head = Wire.Head.with(TOKENS.get(who));
        Received begun = InMemoryTransport.to(server::handle)
                .from(head)
                .send(request(
                        "initialize",
                        "{'protocolVersion':'2025-11-25','capabilities':{},"
                                + "'clientInfo':{'name':'t','version':'1'}}"));
        String session = begun.reply().headers().get("Mcp-Session-Id");
        if (session == null) {
            return bytes(begun);
        }
        return bytes(InMemoryTransport.to(server::handle)
                .from(head.field("Mcp-Session-Id", session).field("MCP-Protocol-Version", "2025-11-25"))
                .send(request(row.method(), row.params())));
    }

    private static String request(String method, String params) {
        ObjectNode request = Json.object().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        request.set("params", Wire.json(params));
        return request.toString();
    }
}
