package dev.mortise.examples.production;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.AuthorizationRequiredException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the console shows and does, over a server that really did what is shown. */
class ConsolePanelsTest extends InConsole {
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

    private long callsInMetrics() throws Exception {
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

    private void issueInvoice(String tenant) throws Exception {
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

    private HttpRequest.Builder administration(String path) {
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
            page.locator("tr[data-id='" + id + "']").getByText("Revoke").click();
            page.getByRole(AriaRole.DIALOG).getByText("Cancel").click();
            page.locator("tr[data-id='" + id + "']").getByText("Revoke").click();
            page.getByRole(AriaRole.DIALOG)
                    .getByText("Revoke", new Locator.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator("tr[data-id='" + id + "']")).containsText("revoked");
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
    void whatAModelAsksForBeforehandIsApprovedHereAndRunsOnce() {
        call(ann, "remember", Map.of("text", "forget me, too"));
        call(ann, "request_access", Map.of("tool", "erase_memories"));
        try (Chromium.Visit visit = signedIn()) {
            Page page = visit.page();
            open(page, "approvals");
            assertThat(page.locator("article.request")).containsText("acme / ann wants to call erase_memories");
            press(page, "Approve").click();
            assertThat(page.locator("#waiting")).containsText("Nothing here yet");
        }
        assertThat(call(ann, "erase_memories", Map.of()).path("forgotten").intValue())
                .isEqualTo(1);
        assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of()))
                .isInstanceOf(AuthorizationRequiredException.class);
        String again = call(ann, "my_requests", Map.of())
                .path("requests")
                .valueStream()
                .filter(request -> request.path("status").stringValue().equals("PENDING"))
                .map(request -> request.path("id").stringValue())
                .findFirst()
                .orElseThrow();
        call(admin, "deny_request", Map.of("id", again));
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
}
