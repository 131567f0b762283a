package dev.mortise.examples.production;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console in a real browser: getting in and out, in two languages, without a mouse, and whatever others wrote. */
class ConsoleTest extends InConsole {
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
        call(admin, "set_plan", Map.of("tenant", "evil <u>x", "plan", "free", "create", true));
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
