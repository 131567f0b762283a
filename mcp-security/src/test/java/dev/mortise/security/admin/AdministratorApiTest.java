package dev.mortise.security.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.ApprovalPage;
import dev.mortise.security.access.RecordedTrail;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.access.TestAuthenticator;
import dev.mortise.security.access.Wire;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.user.Roles;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AdministratorApiTest {
    private final RecordedTrail trail = new RecordedTrail();
    private final Security security = Security.in(Environment.TEST)
            .audit(trail)
            .authenticatorOf(TestAuthenticator::new)
            .administration("/admin")
            .build();
    private final McpServer server = McpServer.builder("test", "1")
            .plugin(security)
            .tool(Tool.named("drop")
                    .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                    .handle((in, call) -> "ran"))
            .tool(Tool.named("step")
                    .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                    .handle((in, call) -> "ran"))
            .build();
    private final String root = admin("root", null, AdministratorApi.ADMIN);
    private final String acme = admin("boss", "acme", AdministratorApi.ADMIN);
    private final String other = admin("boss", "other", AdministratorApi.ADMIN);

    private String admin(String subject, @Nullable String tenant, String scope) {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL).withScopes(scope, "s");
        return security.keys().issue(subject, tenant, "", limits).secret();
    }

    @AfterEach
    void close() {
        server.close();
    }

    record Answer(int status, JsonNode body) {}

    private Answer serve(String method, String path, @Nullable String token, @Nullable String query, String body) {
        return serve(server, method, path, token, query, body);
    }

    private static Answer serve(
            McpServer server, String method, String path, @Nullable String token, @Nullable String query, String body) {
        HttpRoute route = server.routes().stream()
                .filter(candidate ->
                        candidate.method().equals(method) && candidate.path().equals(path))
                .findFirst()
                .orElseThrow();
        HttpRoute.Response response = route.handler()
                .handle(new HttpRoute.Request(
                        new Wire.Head(method, Wire.Head.with(token).fields(), query),
                        body.getBytes(StandardCharsets.UTF_8)));
        assertThat(response.headers()).containsEntry("Cache-Control", "no-store");
        return new Answer(response.status(), Json.parse(new String(response.body(), StandardCharsets.UTF_8)));
    }

    private Answer get(String path, @Nullable String token, String query) {
        return serve("GET", "/admin" + path, token, query, "");
    }

    private Answer post(String path, @Nullable String token, String body) {
        return serve("POST", "/admin" + path, token, null, body.replace('\'', '"'));
    }

    @Test
    void onlyAdministratorsAdminister() {
        String ann = security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
        String narrow = security.keys()
                .issue(
                        "boss",
                        "acme",
                        "",
                        KeyLimits.BASIC.withScopes(AdministratorApi.ADMIN).withTools("drop"))
                .secret();
        assertThat(get("/keys", null, "").status()).isEqualTo(401);
        assertThat(get("/keys", "nonsense", "").status()).isEqualTo(401);
        assertThat(get("/keys", ann, "").status()).isEqualTo(403);
        assertThat(trail.last().kind()).isEqualTo(AuditEvent.Kind.ADMINISTRATION);
        assertThat(trail.last().outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
        assertThat(get("/keys", narrow, "").status()).isEqualTo(403);
        // Or it would make itself another purse.
        String limited = security.keys()
                .issue(
                        "boss",
                        "acme",
                        "",
                        KeyLimits.BASIC.withScopes(AdministratorApi.ADMIN).withSpend(5))
                .secret();
        assertThat(post("/keys", limited, "{'subject':'boss','scopes':[]}").status())
                .isEqualTo(403);
        assertThat(get("/keys", acme, "").status()).isEqualTo(200);
        String approver = admin("bob", "acme", ApprovalPage.APPROVE);
        assertThat(get("/approvals", approver, "").status()).isEqualTo(200);
        assertThat(get("/keys", approver, "").status()).isEqualTo(403);
    }

    @Test
    void keysAreIssuedRotatedAndRevoked() {
        Answer issued = post(
                "/keys",
                acme,
                "{'subject':'ann','label':'ci','scopes':['s'],'tools':['drop'],'reach':'critical','seconds':60,'spend':5}");
        assertThat(issued.status()).isEqualTo(200);
        assertThat(trail.last().method()).isEqualTo("POST /admin/keys");
        assertThat(trail.last().target()).isEqualTo("ann");
        String id = issued.body().path("id").asString();
        String secret = issued.body().path("secret").asString();
        assertThat(issued.body().path("tenant").asString()).isEqualTo("acme");
        assertThat(Wire.to(server, secret)
                        .send("tools/list", "{}")
                        .result()
                        .path("tools")
                        .size())
                .isEqualTo(1);
        assertThat(get("/keys", acme, "limit=100").body().toString())
                .contains(id)
                .doesNotContain(secret);
        assertThat(get("/keys", other, "limit=100").body().toString()).doesNotContain(id);
        assertThat(get("/keys", root, "limit=100").body().toString()).contains(id);
        assertThat(get("/keys", root, "limit=1").body().path("items").size()).isEqualTo(1);
        Answer rotated = post("/keys/rotate", acme, "{'id':'" + id + "','overlapSeconds':0}");
        assertThat(rotated.body().path("secret").asString()).isNotEqualTo(secret);
        String next = rotated.body().path("id").asString();
        assertThat(post("/keys/revoke", other, "{'id':'" + next + "'}"))
                .isEqualTo(post("/keys/revoke", other, "{'id':'none'}"));
        assertThat(post("/keys/revoke", acme, "{'id':'" + next + "'}").status()).isEqualTo(200);
        assertThat(post("/keys/revoke", acme, "{'id':'" + next + "'}").status()).isEqualTo(409);
    }

    @Test
    void nobodyGivesWhatTheyDoNotHave() {
        assertThat(post("/keys", acme, "{'subject':'ann','tenant':'other'}").status())
                .isEqualTo(400);
        assertThat(post("/keys", acme, "{'subject':'ann','scopes':['t']}").status())
                .isEqualTo(400);
        assertThat(post("/keys", root, "{'subject':'ann','tenant':'other','scopes':['t']}")
                        .status())
                .isEqualTo(200);
        KeyLimits low = KeyLimits.BASIC.withScopes(AdministratorApi.ADMIN);
        String lower = security.keys().issue("boss", null, "", low).secret();
        assertThat(post("/keys", lower, "{'subject':'ann','reach':'high'}").status())
                .isEqualTo(400);
        assertThat(post("/users", acme, "{'subject':'ann','tenant':'other'}").status())
                .isEqualTo(400);
        assertThat(post("/tokens/revoke", acme, "{'id':'t'}").status()).isEqualTo(400);
        assertThat(post("/tokens/revoke", root, "{'id':'t'}").status()).isEqualTo(200);
    }

    @Test
    void approvalsAreDecidedByTheirTenant() {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        Wire ann =
                Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret());
        String hidden = "{'note':'a\u202Eb'}";
        ann.call("drop", hidden);
        JsonNode open = get("/approvals", acme, "status=pending").body().at("/items/0");
        String id = open.path("id").asString();
        assertThat(open.path("arguments").asString()).contains("drop", "a\\u202Eb");
        assertThat(get("/approvals", other, "").body().path("items").size()).isZero();
        String approve = "{'id':'" + id + "','decision':'approve'}";
        assertThat(post("/approvals/decide", other, approve))
                .isEqualTo(post("/approvals/decide", other, approve.replace(id, "none")));
        assertThat(post("/approvals/decide", acme, approve.replace("approve", "perhaps"))
                        .status())
                .isEqualTo(400);
        assertThat(post("/approvals/decide", acme, approve).status()).isEqualTo(200);
        assertThat(post("/approvals/decide", acme, approve).status()).isEqualTo(409);
        assertThat(ann.call("drop", hidden).reply().status()).isEqualTo(200);
    }

    /** The credential that asks is not out of band: whoever has stolen it would approve what it does. */
    @Test
    void nobodyApprovesWhatTheyAskFor() {
        String boss = admin("boss", "acme", ApprovalPage.APPROVE);
        Wire wire = Wire.to(server, boss);
        wire.call("drop", "{}");
        JsonNode open = get("/approvals", boss, "status=pending").body().at("/items/0");
        String approve = "{'id':'" + open.path("id").asString() + "','decision':'approve'}";
        assertThat(post("/approvals/decide", boss, approve).status()).isEqualTo(409);
        assertThat(post("/approvals/decide", acme, approve).status()).isEqualTo(409);
        assertThat(wire.call("drop", "{}").reply().status()).isNotEqualTo(200);
        assertThat(post("/grants", acme, "{'subject':'boss','name':'step'}").status())
                .isEqualTo(409);
        assertThat(wire.call("step", "{}").reply().status()).isNotEqualTo(200);
        assertThat(post("/approvals/decide", boss, approve.replace("'approve'", "'deny'"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void nobodyApprovesWhatIsBeyondTheirReach() {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret())
                .call("drop", "{}");
        String id = get("/approvals", acme, "").body().at("/items/0/id").asString();
        KeyLimits low = KeyLimits.BASIC.withScopes(AdministratorApi.ADMIN);
        String lower = security.keys().issue("bob", "acme", "", low).secret();
        String high = security.keys()
                .issue("bob", "acme", "", low.withReach(SecurityLevel.HIGH))
                .secret();
        String approve = "{'id':'" + id + "','decision':'approve'}";
        assertThat(post("/approvals/decide", lower, approve).status()).isEqualTo(400);
        assertThat(post("/approvals/decide", high, approve).status()).isEqualTo(400);
        String grant = "{'subject':'ann','name':'step'}";
        assertThat(post("/grants", lower, grant).status()).isEqualTo(400);
        assertThat(post("/grants", high, grant).status()).isEqualTo(200);
    }

    @Test
    void nobodyGivesRolesThatAllowMoreThanTheirs() {
        Security bound = Security.in(Environment.TEST)
                .authenticatorOf(TestAuthenticator::new)
                .roles(Roles.none().role("helper", AdministratorApi.ADMIN).role("owner", AdministratorApi.ADMIN, "s"))
                .administration("/admin")
                .build();
        bound.users().create("boss", "acme", "", Set.of("helper"));
        KeyLimits limits = KeyLimits.BASIC.withScopes(AdministratorApi.ADMIN, "s");
        String boss = bound.keys().issue("boss", "acme", "", limits).secret();
        try (McpServer other = McpServer.builder("test", "1").plugin(bound).build()) {
            String body = "{\"subject\":\"%s\",\"roles\":[\"%s\"]}";
            assertThat(serve(other, "POST", "/admin/users/change", boss, null, body.formatted("boss", "owner"))
                            .status())
                    .isEqualTo(400);
            assertThat(serve(other, "POST", "/admin/users", boss, null, body.formatted("bob", "owner"))
                            .status())
                    .isEqualTo(400);
            assertThat(serve(other, "POST", "/admin/users", boss, null, body.formatted("bob", "helper"))
                            .status())
                    .isEqualTo(200);
            assertThat(bound.users().find("boss", "acme").orElseThrow().roles()).containsExactly("helper");
            assertThat(bound.users().find("bob", "acme").orElseThrow().roles()).containsExactly("helper");
        }
    }

    @Test
    void passesOnWhyNobodyWasAdmitted() {
        Map<String, String> nonce = Map.of("DPoP-Nonce", "n");
        HttpRoute.Response unauthenticated =
                refused(new Refusal.Unauthenticated("no", List.of("DPoP error=\"use_dpop_nonce\""), nonce));
        assertThat(unauthenticated.status()).isEqualTo(401);
        assertThat(unauthenticated.headers())
                .containsEntry("DPoP-Nonce", "n")
                .containsEntry("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
        HttpRoute.Response malformed = refused(new Refusal.Malformed("two fields", Map.of("WWW-Authenticate", "B")));
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.headers()).containsEntry("WWW-Authenticate", "B");
        assertThat(refused(new Refusal.Custom(404, "none", null, 404)).status()).isEqualTo(404);
        HttpRoute.Response away = refused(new Refusal.DependencyUnavailable("x", Duration.ofSeconds(3)));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.headers()).containsEntry("Retry-After", "3");
    }

    private HttpRoute.Response refused(Refusal refusal) {
        HttpRoute route = new AdministratorApi(
                        "/admin",
                        origin -> Authenticator.reject(refusal),
                        security,
                        ScopeHierarchy.none(),
                        trail,
                        Clock.systemUTC())
                .routes()
                .getFirst();
        return route.handler().handle(new HttpRoute.Request(new Wire.Head("GET", Map.of(), null), new byte[0]));
    }

    @Test
    void grantsAreGivenAndTaken() {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.HIGH);
        Wire ann =
                Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret());
        Answer granted = post("/grants", acme, "{'subject':'ann','name':'step','seconds':60}");
        String id = granted.body().path("id").asString();
        assertThat(ann.call("step", "{}").reply().status()).isEqualTo(200);
        assertThat(get("/grants", acme, "").body().toString()).contains(id);
        assertThat(post("/grants/revoke", other, "{'id':'" + id + "'}").status())
                .isEqualTo(404);
        assertThat(post("/grants/revoke", acme, "{'id':'" + id + "'}").status()).isEqualTo(200);
    }

    @Test
    void usersAreCreatedAndChanged() {
        assertThat(post("/users", acme, "{'subject':'ann','name':'Ann','roles':['reader']}")
                        .status())
                .isEqualTo(200);
        assertThat(post("/users", acme, "{'subject':'ann'}").status()).isEqualTo(400);
        Answer changed = post("/users/change", acme, "{'subject':'ann','roles':['editor'],'state':'disabled'}");
        assertThat(changed.body().path("disabledAt").isNull()).isFalse();
        assertThat(changed.body().at("/roles/0").asString()).isEqualTo("editor");
        assertThat(post("/users/change", other, "{'subject':'ann'}").status()).isEqualTo(404);
        assertThat(post("/users/change", acme, "{'subject':'ann','state':'enabled'}")
                        .body()
                        .path("disabledAt")
                        .isNull())
                .isTrue();
    }

    @Test
    void badInputIsSaidToBeBad() {
        for (String body : new String[] {
            "",
            "[]",
            "{",
            "{'subject':1}",
            "{'subject':'a','scopes':'s'}",
            "{'subject':'a','scopes':['a b']}",
            "{'subject':'a','reach':'huge'}",
            "{'subject':'a','seconds':-1}",
            "{'subject':'a','seconds':'x'}",
            "{'subject':''}",
            "{'subject':'a\\u0000'}"
        }) {
            assertThat(post("/keys", acme, body).status()).as(body).isEqualTo(400);
        }
        assertThat(get("/keys", acme, "limit=0").status()).isEqualTo(400);
        assertThat(get("/keys", acme, "limit=%zz").status()).isEqualTo(200);
        assertThat(get("/approvals", acme, "status=none").status()).isEqualTo(400);
    }

    @Test
    void whatCannotBeTakenDownIsNotDone() {
        trail.goDown();
        assertThat(post("/keys", acme, "{'subject':'ann'}").status()).isEqualTo(503);
        assertThat(security.keys().list("acme", null, 10)).hasSize(1);
    }
}
