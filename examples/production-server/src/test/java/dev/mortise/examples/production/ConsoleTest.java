package dev.mortise.examples.production;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser, over a server that really did what it shows. */
@Timeout(180)
class ConsoleTest {
    private static final Map<String, String> SETTINGS =
            Map.of("REQUESTS_PER_MINUTE", "100000", "CALLS_PER_MINUTE", "10000");

    @TempDir
    static Path home;

    private static Service service;
    private static Chromium chromium;
    private static String annKey;
    private static McpClient admin;
    private static McpClient ann;

    @BeforeAll
    static void start() throws Exception {
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        chromium = Chromium.start();
        service = Service.start(home, SETTINGS);
        annKey = service.key(
                SETTINGS, "--subject", "ann", "--tenant", "acme", "--reach", "critical", "--label", "Ann's laptop");
        admin = service.client(service.adminKey());
        ann = service.client(annKey);
    }

    @AfterAll
    static void stop() {
        if (ann != null) {
            ann.close();
            admin.close();
        }
        if (service != null) {
            service.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    private static URI console() {
        return service.url().resolve("/console");
    }

    private static Chromium.Visit signedIn() {
        Chromium.Visit visit = chromium.visit();
        signIn(visit.page());
        return visit;
    }

    private static void signIn(Page page) {
        page.navigate(console().toString());
        page.getByLabel("Administrator key").fill(service.adminKey());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        assertThat(heading(page)).hasText("Overview");
    }

    private static Locator heading(Page page) {
        return page.locator("main h1");
    }

    private static void open(Page page, String panel) {
        page.locator("#to-" + panel).click();
        assertThat(page.locator("#panel-" + panel)).isVisible();
    }

    private static Locator press(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void theKeyIsSentOnceAndKeptNowhereThatScriptsCanRead() throws Exception {
        try (Chromium.Visit visit = chromium.visit()) {
            Page page = visit.page();
            page.navigate(console().toString());
            assertThat(page.getByLabel("Administrator key")).isFocused();
            page.getByLabel("Administrator key").fill(service.adminKey().substring(0, 40));
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.ALERT)).hasText("This key is not good here.");
            page.getByLabel("Administrator key").fill(annKey);
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("not an administrator's");

            page.getByLabel("Administrator key").fill(service.adminKey());
            page.keyboard().press("Enter");
            assertThat(heading(page)).hasText("Overview");
            Cookie cookie = visit.context().cookies().getFirst();
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
            assertThat(cookie.path).isEqualTo("/console");
            assertThat(cookie.value).doesNotContain(service.adminKey());
            assertThat(page.url()).isEqualTo(console().toString());
            assertThat(page.content()).doesNotContain(service.adminKey());
            assertThat(page.evaluate(
                            "[...Object.entries(localStorage), ...Object.entries(sessionStorage)].flat().join()"
                                    + " + document.cookie"))
                    .isEqualTo("");

            page.reload();
            assertThat(heading(page)).hasText("Overview");
            press(page, "Sign out").click();
            assertThat(page.getByRole(AriaRole.STATUS)).hasText("You are signed out.");
            assertThat(visit.context().cookies()).isEmpty();
            HttpRequest copy = HttpRequest.newBuilder(service.url().resolve("/console/api/live"))
                    .header("Cookie", cookie.name + "=" + cookie.value)
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                assertThat(http.send(copy, HttpResponse.BodyHandlers.ofString()).statusCode())
                        .as("a copy of the cookie")
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void whoDoesNothingForAWhileIsSignedOut() {
        try (Chromium.Visit visit = chromium.visit()) {
            visit.page().clock().install();
            signIn(visit.page());
            visit.page().clock().fastForward("16:00");
            assertThat(visit.page().getByRole(AriaRole.STATUS)).containsText("nobody did anything");
            assertThat(visit.page().locator("body")).not().containsText("Health");
        }
    }

    @Test
    void theOverviewShowsTheServersOwnFigures() throws Exception {
        for (int i = 0; i < 7; i++) {
            call(ann, "calculate", Map.of("expression", "6*7"));
        }
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            String calls = Long.toString(callsInMetrics());
            assertThat(page.locator("#calls dd").first()).hasText(Pattern.compile("[\\d,]+"));
            page.waitForCondition(() -> page.locator("#calls dd")
                    .first()
                    .textContent()
                    .replace(",", "")
                    .equals(calls));
            assertThat(page.locator("#chart-rate path.line.calls")).hasAttribute("d", Pattern.compile("M.*L.*"));
            Locator database = page.locator("#health tr", new Page.LocatorOptions().setHasText("database"));
            assertThat(database).containsText("up");
            assertThat(page.locator("#health .probes")).containsText("ready up");
            page.getByText("The figures as a table").click();
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("The figures as a table"))
                            .locator("tbody tr"))
                    .not()
                    .hasCount(0);
        }
    }

    private static long callsInMetrics() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String metrics = http.send(
                            HttpRequest.newBuilder(service.url().resolve("/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return Pattern.compile("(?m)^api_requests_total\\{.*} (\\S+)$")
                    .matcher(metrics)
                    .results()
                    .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
                    .sum();
        }
    }

    @Test
    void whatTenantsUsedAndWereInvoicedIsShown() throws Exception {
        try (McpClient bob = service.client(service.key(SETTINGS, "--subject", "bob", "--tenant", "globex"))) {
            call(admin, "set_plan", Map.of("tenant", "globex", "plan", "enterprise", "price", "1250.00"));
            for (int i = 0; i < 3; i++) {
                call(bob, "count_text", Map.of("text", "one two"));
            }
        }
        issueInvoice("globex");
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "usage");
            Locator globex = page.locator("[data-tenant=globex]");
            assertThat(globex).containsText("enterprise@1");
            Locator calls = globex.locator("tr", new Locator.LocatorOptions().setHasText("API calls"));
            page.waitForCondition(() -> {
                if (calls.locator("td").first().textContent().equals("3")) {
                    return true;
                }
                press(page, "Refresh").click();
                assertThat(calls).isVisible();
                return false;
            });
            assertThat(page.locator("[data-tenant=acme]")).containsText("free@1");

            open(page, "revenue");
            assertThat(page.locator("#panel-revenue")).containsText("$1,250.00");
            // The house may have been invoiced meanwhile, too.
            Locator invoice = page.locator("#panel-revenue tr", new Page.LocatorOptions().setHasText("globex"));
            Page statement = visit.context()
                    .waitForPage(() -> invoice.getByText("Statement").click());
            assertThat(statement.locator("body")).containsText("1250.00 USD");
        }
    }

    private static void issueInvoice(String tenant) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String subscriptions = http.send(
                            administration("/admin/billing/subscriptions?tenant=" + tenant)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            String id = subscriptions.replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
            HttpResponse<String> issued = http.send(
                    administration("/admin/billing/invoices/issue")
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", "one")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"subscription\":\"" + id + "\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);
        }
    }

    private static HttpRequest.Builder administration(String path) {
        return HttpRequest.newBuilder(service.url().resolve(path))
                .header("Authorization", "Bearer " + service.adminKey());
    }

    @Test
    void aKeyIsMadeUsedExchangedAndRevoked() {
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "keys");
            page.locator("#key-subject").fill("carol");
            page.locator("#key-tenant").fill("initech");
            page.locator("#key-label").fill("printer");
            page.locator("#key-reach").selectOption("LOW");
            press(page, "Create key").click();
            String secret = page.locator("#secret").inputValue();
            try (McpClient carol = service.client(secret)) {
                assertThat(call(carol, "who_am_i", Map.of()).path("tenant").stringValue())
                        .isEqualTo("initech");
            }
            press(page, "I have it").click();
            assertThat(page.locator("#secret")).hasCount(0);
            page.getByLabel("Rotate printer").click();
            page.getByRole(AriaRole.DIALOG)
                    .getByText("Rotate", new Locator.GetByTextOptions().setExact(true))
                    .click();
            String next = page.locator("#secret").inputValue();
            assertThat(next).isNotEqualTo(secret);
            press(page, "I have it").click();

            String id = next.split("_", -1)[2];
            page.locator("tr[data-id=" + id + "]").getByText("Revoke").click();
            page.getByRole(AriaRole.DIALOG).getByText("Cancel").click();
            page.locator("tr[data-id=" + id + "]").getByText("Revoke").click();
            page.getByRole(AriaRole.DIALOG)
                    .getByText("Revoke", new Locator.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator("tr[data-id=" + id + "]")).containsText("revoked");
            Service.within(Duration.ofSeconds(20), () -> {
                try (McpClient carol = service.client(next)) {
                    carol.callTool("who_am_i", Map.of());
                    return false;
                } catch (AuthorizationRequiredException e) {
                    return true;
                }
            });
        }
    }

    @Test
    void aCallThatWaitsIsApprovedAndRuns() {
        call(ann, "remember", Map.of("text", "forget me"));
        assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                .isInstanceOf(AuthorizationRequiredException.class);
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            assertThat(page.locator("#to-approvals .count")).hasText("1");
            open(page, "approvals");
            Locator request = page.locator("article.request");
            assertThat(request).containsText("acme / ann wants to call erase_memories");
            press(page, "Approve").click();
            assertThat(page.locator("#waiting")).containsText("Nothing here yet");
            assertThat(call(ann, "erase_memories", Map.of()).path("forgotten").intValue())
                    .isEqualTo(1);
            page.locator("#panel-approvals select").selectOption("DENIED");
            page.locator("#panel-approvals select").selectOption("USED");
            assertThat(page.locator("#decided")).containsText("approved and used");

            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                    .isInstanceOf(AuthorizationRequiredException.class);
            assertThat(request).isVisible();
            press(page, "Deny").click();
            assertThat(page.getByText("Denied: erase_memories.")).isVisible();
            assertThat(page.locator("#to-approvals .count")).isHidden();
        }
    }

    @Test
    void theAuditLogIsSearchedAndVerified() {
        call(ann, "calculate", Map.of("expression", "1+1"));
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "audit");
            assertThat(page.locator("#verdict")).containsText("not verified");
            press(page, "Verify now").click();
            assertThat(page.locator("#verdict")).containsText("as it was written");
            page.getByLabel("Target").fill("calculate");
            page.getByLabel("Subject").fill("ann");
            press(page, "Search").click();
            assertThat(page.locator("#records tbody tr").first()).containsText("calculate");
            assertThat(page.locator("#records tbody tr").first()).containsText("acme / ann");
            page.getByLabel("Subject").fill("nobody");
            press(page, "Search").click();
            assertThat(page.locator("#records")).containsText("Nothing here yet");
        }
    }

    @Test
    void searchMarksWhatWasLookedFor() {
        call(
                admin,
                "ingest_document",
                Map.of(
                        "collection",
                        "handbook",
                        "document",
                        "leave.md",
                        "text",
                        "# Leave\n\nAn employee has thirty days of annual leave. Ask your manager two weeks before."));
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "search");
            page.locator("#query").fill("annual leave");
            page.keyboard().press("Enter");
            assertThat(page.locator("#hits mark").first())
                    .hasText(Pattern.compile("annual|leave", Pattern.CASE_INSENSITIVE));
            assertThat(page.locator("#hits article").first()).containsText("handbook › leave.md");
            page.locator("#hits").getByText("Show the document").first().click();
            assertThat(page.locator("#hits pre").first()).containsText("two weeks before");
        }
    }

    @Test
    void toolsAreCalledWithTheFormOfTheirSchema() {
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "tools");
            tool(page, "calculate");
            page.locator("#tool [data-name=expression]").fill("2^10");
            press(page, "Call").click();
            assertThat(page.locator("#json")).containsText("\"1024\"");
            page.locator("#tool [data-name=expression]").fill("1/0");
            press(page, "Call").click();
            assertThat(page.locator("#result")).containsText("the tool failed");

            tool(page, "query_table");
            page.locator("#tool [data-name=sql]").fill("SELECT sum(n) AS total FROM t");
            press(page, "Add: tables").click();
            page.locator("#tool [data-name=name]").fill("t");
            page.locator("#tool [data-name=csv]").fill("n\n4\n5\n");
            press(page, "Call").click();
            assertThat(page.locator("#json")).containsText("9");

            tool(page, "draw_chart");
            page.locator("#tool [data-name=form]").selectOption("BAR");
            page.locator("#tool [data-name=title]").fill("Harvest");
            page.locator("#tool [data-name='labels 1']").fill("wheat");
            page.locator("#tool [data-name=name]").fill("tons");
            page.locator("#tool [data-name='values 1']").fill("120");
            press(page, "Call").click();
            page.waitForCondition(
                    () -> Boolean.TRUE.equals(page.evaluate("document.querySelector('.picture')?.naturalWidth > 300")));

            tool(page, "erase_memories");
            press(page, "Call").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("approval");
            // Nothing is left waiting for the other tests.
            open(page, "approvals");
            press(page, "Deny").click();
            assertThat(page.locator("#waiting")).containsText("Nothing here yet");
        }
    }

    private static void tool(Page page, String name) {
        page.locator("[data-tool=" + name + "]").click();
        assertThat(page.locator("#tool")).containsText(name, new LocatorAssertions.ContainsTextOptions());
    }

    @Test
    void chineseIsRemembered() {
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            press(page, "中文").click();
            assertThat(heading(page)).hasText("概览");
            assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
            assertThat(press(page, "English")).isFocused();
            page.reload();
            assertThat(heading(page)).hasText("概览");
            assertThat(page.evaluate("JSON.stringify(localStorage)"))
                    .isEqualTo("{\"mortise-console-language\":\"zh\"}");
            page.locator("#to-keys").click();
            assertThat(page.locator("#panel-keys")).containsText("创建密钥");
            press(page, "退出登录").click();
            assertThat(page.getByLabel("管理员密钥")).isVisible();
            press(page, "English").click();
            assertThat(page.getByLabel("Administrator key")).isVisible();
        }
    }

    @Test
    void everythingIsDoneWithTheKeyboardAlone() {
        try (Chromium.Visit visit = chromium.visit()) {
            Page page = visit.page();
            page.navigate(console().toString());
            page.getByLabel("Administrator key").waitFor();
            page.keyboard().type(service.adminKey());
            page.keyboard().press("Enter");
            assertThat(heading(page)).hasText("Overview");
            page.keyboard().press("Tab");
            assertThat(page.getByText("Skip to the content")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("main")).isFocused();
            tabTo(page, "#to-tools", "Shift+Tab");
            page.keyboard().press("Enter");
            assertThat(heading(page)).isFocused();
            page.keyboard().press("Tab");
            page.keyboard().type("calcul");
            tabTo(page, "[data-tool=calculate]", "Tab");
            page.keyboard().press("Enter");
            assertThat(page.locator("#tool [data-name=expression]")).isFocused();
            page.keyboard().type("40+2");
            tabTo(page, "#tool button[type=submit]", "Tab");
            page.keyboard().press("Enter");
            assertThat(page.locator("#json")).containsText("\"42\"");
        }
    }

    private static void tabTo(Page page, String selector, String key) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press(key);
            if (Boolean.TRUE.equals(page.evaluate("selector => document.activeElement.matches(selector)", selector))) {
                return;
            }
        }
        throw new AssertionError(key + " does not lead to " + selector);
    }

    @Test
    void whatOthersWroteStaysText() throws Exception {
        String hostile = "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>'\"&lt;";
        call(
                admin,
                "ingest_document",
                Map.of("collection", "<b>c", "document", "<i>d", "title", hostile, "text", "zebra " + hostile));
        service.key(SETTINGS, "--subject", "mallory " + hostile, "--tenant", "evil " + hostile, "--label", hostile);
        try (McpClient mallory = service.client(
                service.key(SETTINGS, "--subject", "mallory", "--tenant", "evil " + hostile, "--reach", "critical"))) {
            assertThatThrownBy(() -> mallory.callTool("erase_memories", Map.of()))
                    .isInstanceOf(AuthorizationRequiredException.class);
        }
        call(admin, "set_plan", Map.of("tenant", "evil <u>x", "plan", "free"));
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "keys");
            assertThat(page.locator("#key-list")).containsText(hostile);
            open(page, "approvals");
            assertThat(page.locator("#waiting")).containsText(hostile);
            press(page, "Deny").click();
            assertThat(page.locator("#waiting")).containsText("Nothing here yet");
            open(page, "usage");
            assertThat(page.locator("#panel-usage")).containsText("evil <u>x");
            open(page, "audit");
            assertThat(page.locator("#records")).containsText(hostile);
            open(page, "search");
            page.locator("#query").fill("zebra");
            page.keyboard().press("Enter");
            assertThat(page.locator("#hits article").first()).containsText(hostile);
            open(page, "tools");
            tool(page, "diff_texts");
            page.locator("#tool [data-name=before]").fill("a");
            page.locator("#tool [data-name=after]").fill(hostile);
            press(page, "Call").click();
            assertThat(page.locator("#json")).containsText("onerror");
            assertThat(page.locator("main img, main script, main u, main b")).hasCount(0);
            assertThat(page.evaluate("window.broken")).isNull();
        }
    }

    @Test
    void nobodyIsKeptOut() throws Exception {
        String axe = Chromium.axe();
        for (Look look : Look.values()) {
            try (Chromium.Visit visit = chromium.visit(look.options())) {
                Page page = visit.page();
                page.navigate(console().toString());
                page.getByLabel("Administrator key").waitFor();
                look.picture(page, "sign-in");
                assertThat(barriers(page, axe)).as("sign in").isEmpty();
                signIn(page);
                for (String panel :
                        List.of("overview", "usage", "revenue", "keys", "approvals", "audit", "search", "tools")) {
                    open(page, panel);
                    if (panel.equals("tools")) {
                        tool(page, "query_table");
                    }
                    page.waitForLoadState(com.microsoft.playwright.options.LoadState.LOAD);
                    look.picture(page, panel);
                    assertThat(barriers(page, axe)).as(look + " " + panel).isEmpty();
                    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                            .as(look + " " + panel + " fits its width")
                            .isEqualTo(true);
                }
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> barriers(Page page, String axe) {
        page.evaluate(axe);
        return (List<String>) page.evaluate("""
                async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})).violations
                    .filter(found => found.impact === 'serious' || found.impact === 'critical')
                    .map(found => found.id + ': ' + found.nodes.map(node => node.html + ' ' + node.any.map(c => c.message)).join(' | '))
                """);
    }
}
