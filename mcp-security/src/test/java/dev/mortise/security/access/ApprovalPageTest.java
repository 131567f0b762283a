package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.user.Roles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalPageTest {
    record Drop(String table) {}

    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([0-9a-f]+)\"");

    private final TestClock clock = new TestClock();
    private final FakeSignIn signIn = new FakeSignIn();
    private Security security;
    private McpServer server;

    private void start(boolean fourEyes) {
        start(fourEyes, Wording.english());
    }

    private void start(boolean fourEyes, Wording wording) {
        start(fourEyes ? builder().fourEyes() : builder(), wording);
    }

    private SecurityBuilder builder() {
        return Security.in(Environment.TEST)
                .clock(clock)
                .approvalPage(URI.create("https://mcp.example.com/approve"), signIn, Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .authenticatorOf(TestAuthenticator::new);
    }

    private void start(SecurityBuilder builder, Wording wording) {
        security = builder.build();
        server = McpServer.builder("test", "1")
                .wording(wording)
                .plugin(security)
                .tool(Tool.named("drop")
                        .input(Drop.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "ran"))
                .build();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private String request(String table) {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        Wire.to(server, security.keys().issue("ann", "acme", "", limits).secret())
                .call("drop", "{'table':'" + table + "'}");
        return security.approvals()
                .list(null, Approval.Status.PENDING, null, 10)
                .get(0)
                .id();
    }

    private HttpRoute.Response serve(String method, String cookie, String query, String body) {
        HttpRoute route = server.routes().stream()
                .filter(candidate ->
                        candidate.method().equals(method) && candidate.path().equals("/approve"))
                .findFirst()
                .orElseThrow();
        Wire.Head head = Wire.Head.with(null).searching(query);
        return route.handler()
                .handle(new HttpRoute.Request(
                        cookie == null ? head : head.field("Cookie", cookie), body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpRoute.Response show(String cookie, String id) {
        return serve("GET", cookie, "approval=" + id, "");
    }

    private static String text(HttpRoute.Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private HttpRoute.Response decide(String cookie, String id, String decision) {
        Matcher token = TOKEN.matcher(text(show(cookie, id)));
        String given = token.find() ? token.group(1) : "none";
        return serve("POST", cookie, null, "approval=" + id + "&decision=" + decision + "&token=" + given);
    }

    private Approval.Status status(String id) {
        return security.approvals().find(id).orElseThrow().status();
    }

    /** The provider may not know yet that somebody has left. */
    @Test
    void whoeverIsPutOutHereDecidesNothing() {
        start(true);
        String id = request("a");
        security.users().create("bob", "acme", "Bob", Set.of());
        signIn.signIn("c1", "bob", "acme", clock.instant(), ApprovalPage.APPROVE);
        HttpRoute.Response open = show("c1", id);
        assertThat(open.status()).isEqualTo(200);
        Matcher token = TOKEN.matcher(text(open));
        assertThat(token.find()).isTrue();
        security.users().disable("bob", "acme");
        Eventually.holds("heard of", () -> show("c1", id).status() == 404);
        assertThat(serve("POST", "c1", null, "approval=" + id + "&decision=approve&token=" + token.group(1))
                        .status())
                .isEqualTo(404);
        assertThat(status(id)).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void rolesBoundWhoDecidesOnTheRequestsOfOthers() {
        start(builder().fourEyes().roles(Roles.none().role("approver", ApprovalPage.APPROVE)), Wording.english());
        String id = request("a");
        security.users().create("bob", "acme", "Bob", Set.of());
        signIn.signIn("c1", "bob", "acme", clock.instant(), ApprovalPage.APPROVE);
        assertThat(show("c1", id).status()).isEqualTo(404);
        assertThat(decide("c1", id, "approve").status()).isEqualTo(404);
        security.users().assign("bob", "acme", Set.of("approver"));
        Eventually.holds("heard of", () -> show("c1", id).status() == 200);
        assertThat(decide("c1", id, "approve").status()).isEqualTo(200);
        assertThat(status(id)).isEqualTo(Approval.Status.APPROVED);
    }

    @Test
    void thePersonWhoAsksSignsInAgainAndDecides() {
        start(false);
        String id = request("<b>&\\\"x");
        assertThat(show(null, id).status()).isEqualTo(303);
        assertThat(show(null, id).headers().get("Location")).endsWith("?approval=" + id);
        signIn.signIn("c1", "ann", "acme", clock.instant().minusSeconds(1));
        // A session from before the request says nothing about who sits there now.
        assertThat(show("c1", id).status()).isEqualTo(303);
        assertThat(decide("c1", id, "approve").status()).isEqualTo(303);
        signIn.signIn("c1", "ann", "acme", clock.instant());
        HttpRoute.Response page = show("c1", id);
        assertThat(page.status()).isEqualTo(200);
        assertThat(text(page)).contains("drop").contains("&lt;b&gt;&amp;").doesNotContain("<b>&");
        assertThat(page.headers().get("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(decide("c1", id, "approve").status()).isEqualTo(200);
        assertThat(status(id)).isEqualTo(Approval.Status.APPROVED);
        assertThat(decide("c1", id, "deny").status()).isIn(403, 409);
        assertThat(status(id)).isEqualTo(Approval.Status.APPROVED);
    }

    /** Or else a text that ends in {@code txt.exe} looks as if it ended in {@code exe.txt}. */
    @Test
    void whatIsInvisibleOrTurnsTextAroundIsShownByItsNumber() {
        start(false);
        String hidden = "a\u202Eb\u2066c\u200Bd\u2028e\uFEFFf\u0085g\u0378h\uDB40\uDC41";
        String seen = "a\\u202Eb\\u2066c\\u200Bd\\u2028e\\uFEFFf\\u0085g\\u0378h\\uDB40\\uDC41表😀";
        String id = request(hidden + "表😀");
        signIn.signIn("c1", "ann", "acme", clock.instant());
        assertThat(text(show("c1", id))).contains(seen).doesNotContain(hidden);
        Approval stored = security.approvals().find(id).orElseThrow();
        assertThat(stored.arguments()).contains(hidden + "表😀");
        assertThat(stored.shown().arguments()).contains(seen);
        assertThat(stored.shown().digest()).isEqualTo(stored.digest());
        assertThat(decide("c1", id, "approve").status()).isEqualTo(200);
    }

    /** What a host makes of milliseconds: a time far ahead, behind which no session would ever be. */
    @Test
    void aSignInOfTheFutureIsNone() {
        start(false);
        signIn.signIn("c1", "ann", "acme", Instant.ofEpochSecond(clock.instant().toEpochMilli()));
        String id = request("a");
        assertThat(show("c1", id).status()).isEqualTo(303);
        assertThat(decide("c1", id, "approve").status()).isEqualTo(303);
        assertThat(status(id)).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void theAddressAuthorizesNobody() {
        start(false);
        String id = request("a");
        signIn.signIn("eve", "eve", "acme", clock.instant(), ApprovalPage.APPROVE);
        signIn.signIn("namesake", "ann", "other", clock.instant());
        for (String cookie : new String[] {"eve", "namesake"}) {
            assertThat(text(show(cookie, id))).isEqualTo(text(show(cookie, "apr_none")));
            assertThat(show(cookie, id).status()).isEqualTo(404);
            assertThat(decide(cookie, id, "approve").status()).isEqualTo(404);
        }
        assertThat(show(null, "apr_none\"><script>").headers().get("Location")).doesNotContain("<");
        assertThat(status(id)).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void aFormFromElsewhereDecidesNothing() {
        start(false);
        String id = request("a");
        signIn.signIn("c1", "ann", "acme", clock.instant());
        signIn.signIn("c2", "ann", "acme", clock.instant());
        Matcher other = TOKEN.matcher(text(show("c2", id)));
        assertThat(other.find()).isTrue();
        for (String token : new String[] {"", "00", other.group(1)}) {
            assertThat(serve("POST", "c1", null, "approval=" + id + "&decision=approve&token=" + token)
                            .status())
                    .isEqualTo(403);
        }
        assertThat(status(id)).isEqualTo(Approval.Status.PENDING);
        assertThat(decide("c1", id, "deny").status()).isEqualTo(200);
        assertThat(status(id)).isEqualTo(Approval.Status.DENIED);
    }

    @Test
    void fourEyesAreAnotherPersonOfTheTenantWhoMayApprove() {
        start(true);
        String id = request("a");
        signIn.signIn("ann", "ann", "acme", clock.instant(), ApprovalPage.APPROVE);
        signIn.signIn("bob", "bob", "acme", clock.instant());
        signIn.signIn("boss", "boss", "acme", clock.instant(), ApprovalPage.APPROVE);
        signIn.signIn("foreign", "boss", "other", clock.instant(), ApprovalPage.APPROVE);
        assertThat(text(show("ann", id))).contains("Somebody else").doesNotContain("form");
        assertThat(show("bob", id).status()).isEqualTo(404);
        assertThat(show("foreign", id).status()).isEqualTo(404);
        assertThat(decide("ann", id, "approve").status()).isEqualTo(403);
        assertThat(status(id)).isEqualTo(Approval.Status.PENDING);
        assertThat(decide("boss", id, "approve").status()).isEqualTo(200);
        assertThat(status(id)).isEqualTo(Approval.Status.APPROVED);
    }

    /** In the language of the server, decision 111; what the person typed stays what it was. */
    @Test
    void thePageIsInTheLanguageOfTheServer() {
        start(true, Wording.chinese());
        String id = request("<b>表");
        signIn.signIn("ann", "ann", "acme", clock.instant(), ApprovalPage.APPROVE);
        signIn.signIn("bob", "bob", "acme", clock.instant());
        signIn.signIn("boss", "boss", "acme", clock.instant(), ApprovalPage.APPROVE);
        assertThat(text(show("ann", id))).contains("lang=\"zh-CN\"", "<title>批准请求</title>", "须由其他人决定");
        assertThat(text(show("bob", id))).contains("没有需要您决定的内容");
        assertThat(text(show("boss", id)))
                .contains("您的身份：acme/boss", "ann 请求调用 <b>drop</b>", "&lt;b&gt;表", ">批准</button>", ">拒绝</button>")
                .doesNotContain("Approve", "You are", "<b>表");
        assertThat(text(serve("POST", "boss", null, "approval=" + id + "&decision=approve&token=00")))
                .contains("此表单并非由本页面发出");
        assertThat(text(decide("ann", id, "approve"))).contains("此表单并非由本页面发出");
        assertThat(text(decide("boss", id, "approve"))).contains("谢谢");
        assertThat(status(id)).isEqualTo(Approval.Status.APPROVED);
        assertThat(text(show("boss", id))).contains("已有决定，或已过期");
    }
}
