package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static dev.mortise.examples.production.Service.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.billing.plan.Plans;
import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.CallToolResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What tenants may use, what they are told when that is used up, and what administrators do about it. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccountsTest {
    private static final String TINY = """
            [{"id": "tiny", "version": 1, "name": "TINY", "currency": "USD", "price": "1.00",
              "meters": {"api_calls": {"included": 3}, "storage": {"measure": "peak", "included": 20},
                         "ai_operations": {"included": 10}}}]""";

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aTenantRunsIntoItsPlanAndTheHouseDoesNot() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "MORTISE_PLANS",
                Files.writeString(home.resolve("plans.json"), TINY).toString());
        settings.put("MORTISE_DEFAULT_PLAN", "tiny");
        settings.put("STRIPE_SECRET_KEY", "sk_test_51");
        settings.put("STRIPE_WEBHOOK_SECRET", "whsec_x");
        settings.put("STRIPE_PRICES", "starter=price_1");
        try (Service service = Service.start(home, settings);
                McpClient admin = service.client(service.adminKey());
                McpClient ann = service.client(service.key(settings, "--subject", "ann", "--tenant", "acme"))) {
            assertThat(failure(ann, "ingest_document", Map.of("document", "long", "text", "x".repeat(21))))
                    .contains("no room", "delete_document", "set_plan", "/plans");
            for (int i = 0; i < 3; i++) {
                call(ann, "calculate", Map.of("expression", "1+" + i));
            }
            CallToolResult denied = ann.callTool("calculate", Map.of("expression", "1+1"));
            assertThat(denied.isError()).isTrue();
            assertThat(Service.text(denied)).contains("api_calls is used up: 3 of 3", "/plans");
            assertThat(call(ann, "my_quota", Map.of()).at("/meters/1/remaining").asLong(-1))
                    .isZero();
            assertThat(call(ann, "my_usage", Map.of("days", 1))
                            .at("/days/0/apiCalls")
                            .asLong())
                    .isEqualTo(3);
            assertThat(call(ann, "upgrade_link", Map.of()).path("url").stringValue())
                    .endsWith("/plans");
            for (int i = 0; i < 5; i++) {
                call(admin, "calculate", Map.of("expression", "2+" + i));
            }

            assertThat(call(admin, "list_tenants", Map.of())
                            .path("accounts")
                            .valueStream()
                            .map(account -> account.path("id").stringValue()))
                    .contains("acme", "~house");
            assertThat(failure(admin, "set_plan", Map.of("tenant", "acme", "plan", "golden")))
                    .contains("no plan");
            assertThat(failure(admin, "set_plan", Map.of("tenant", "amce", "plan", "starter")))
                    .contains("amce is an account that nobody has heard of", "\"create\"");
            assertThat(call(admin, "list_tenants", Map.of()).toString())
                    .as("a slip of the pen leaves no account")
                    .doesNotContain("amce");
            assertThat(call(admin, "set_plan", Map.of("tenant", "amce", "plan", "starter", "create", true))
                            .path("plan")
                            .stringValue())
                    .as("unless it was none")
                    .isEqualTo("starter@1");
            assertThat(call(admin, "set_plan", Map.of("tenant", "acme", "plan", "starter"))
                            .path("plan")
                            .stringValue())
                    .isEqualTo("starter@1");
            call(ann, "calculate", Map.of("expression", "1+1"));
            assertThat(call(ann, "my_plan", Map.of()).path("standing").stringValue())
                    .isEqualTo("ACTIVE");

            HttpResponse<String> plans = get(service.url().resolve("/plans"), "");
            assertThat(plans.body()).contains("TINY", "STARTER", "plan TENANT PLAN", "更换套餐");
            assertThat(plans.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'");
            assertThat(get(service.url().resolve("/admin/billing/tenants"), service.adminKey())
                            .body())
                    .contains("acme");
            assertThat(get(service.url().resolve("/admin/billing/tenants"), "").statusCode())
                    .isEqualTo(401);
            String subscription = call(admin, "set_plan", Map.of("tenant", "acme", "plan", "starter"))
                    .path("subscription")
                    .stringValue();
            assertThat(post(
                                    service.url().resolve("/admin/billing/invoices/issue"),
                                    service.adminKey(),
                                    "{\"subscription\":\"" + subscription + "\"}")
                            .statusCode())
                    .isEqualTo(200);
            JsonNode invoices = call(admin, "list_invoices", Map.of("tenant", "acme"));
            assertThat(invoices.at("/invoices/0/total").stringValue()).contains("29.00");
            assertThat(call(
                                    admin,
                                    "read_invoice",
                                    Map.of("id", invoices.at("/invoices/0/id").stringValue()))
                            .path("csv")
                            .stringValue())
                    .contains("29.00");
            assertThat(post(service.url().resolve("/webhooks/stripe"), "", "{}").statusCode())
                    .as("not genuine")
                    .isEqualTo(400);
            assertThat(call(admin, "search_audit", Map.of("kind", "ADMINISTRATION"))
                            .path("events")
                            .size())
                    .isGreaterThanOrEqualTo(3);
            assertThat(get(service.url().resolve("/metrics"), "").body()).contains("rag_");
        }
        Service.Ended listed = Service.run(home, settings, "plan", "list");
        assertThat(listed.out()).contains("acme", "starter@1", "~house", "enterprise@1");
        assertThat(Service.run(home, settings, "plan", "acme", "professional").out())
                .contains("acme is on professional@1");
    }

    @Test
    void aPlanIsForATenantThatIsThere() throws Exception {
        Service.run(home, Map.of(), "keys", "create", "--subject", "ann", "--tenant", "acme");
        Service.Ended misspelt = Service.run(home, Map.of(), "plan", "acne", "starter");
        assertThat(misspelt.status()).isEqualTo(2);
        assertThat(misspelt.err())
                .contains("acne", "nobody has heard of", "--new")
                .doesNotContain("Exception");
        assertThat(Service.run(home, Map.of(), "plan", "list").out()).doesNotContain("acne");
        assertThat(Service.run(home, Map.of(), "plan", "acme", "starter").out()).contains("acme is on starter@1");
        assertThat(Service.run(home, Map.of(), "plan", "globex", "starter", "--new")
                        .out())
                .contains("globex is on starter@1");
        assertThat(Service.run(home, Map.of(), "plan", "globex", "professional").out())
                .as("it is known now")
                .contains("globex is on professional@1");
    }

    @Test
    void aPlanThatWasChangedSaysWhatAWholePeriodIncludes() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient ann = service.client(service.key(Map.of(), "--subject", "ann", "--tenant", "acme"))) {
            Service.run(home, Map.of(), "plan", "acme", "starter");
            Service.run(home, Map.of(), "plan", "acme", "professional");
            JsonNode calls = call(ann, "my_quota", Map.of())
                    .path("meters")
                    .valueStream()
                    .filter(meter -> meter.path("meter").stringValue().equals("api_calls"))
                    .findFirst()
                    .orElseThrow();
            assertThat(calls.path("includedInWholePeriod").asLong(0))
                    .as(calls.toString())
                    .isEqualTo(included("professional"))
                    .isGreaterThan(calls.path("included").asLong());
        }
    }

    @Test
    void modelsAreRefusedInChineseWhereThatIsSet() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "MORTISE_PLANS",
                Files.writeString(home.resolve("plans.json"), TINY).toString());
        settings.put("MORTISE_DEFAULT_PLAN", "tiny");
        settings.put("MORTISE_LANGUAGE", "zh");
        try (Service service = Service.start(home, settings);
                McpClient ann = service.client(
                        service.key(settings, "--subject", "ann", "--tenant", "acme", "--reach", "critical"));
                McpClient bob = service.client(service.key(settings, "--subject", "bob", "--tenant", "globex"))) {
            assertThatThrownBy(() -> ann.callTool("erase_memories", Map.of())).hasMessageContaining("此操作需要批准");
            // What the core tells for all: what is not there, and arguments that do not fit.
            assertThatThrownBy(() -> ann.callTool("no_such_tool", Map.of())).hasMessageContaining("没有此工具：no_such_tool");
            assertThat(failure(bob, "calculate", Map.of())).startsWith("参数无效：");
            assertThat(failure(ann, "ingest_document", Map.of("document", "long", "text", "x".repeat(21))))
                    .contains("没有足够空间");
            for (int i = 0; i < 3; i++) {
                call(ann, "calculate", Map.of("expression", "1+" + i));
            }
            assertThat(failure(ann, "calculate", Map.of("expression", "1+1")))
                    .contains("额度 api_calls 已用尽：已用 3，上限 3", "/plans");
        }
    }

    private static long included(String plan) {
        return Plans.STANDARD.stream()
                .filter(each -> each.ref().id().equals(plan))
                .findFirst()
                .orElseThrow()
                .meters()
                .get("api_calls")
                .included()
                .orElseThrow();
    }

    private HttpResponse<String> get(URI uri, String key) throws Exception {
        return send(HttpRequest.newBuilder(uri), key);
    }

    private HttpResponse<String> post(URI uri, String key, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", Integer.toHexString(body.hashCode()))
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                key);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String key) throws Exception {
        List.of(key).stream()
                .filter(given -> !given.isEmpty())
                .forEach(given -> request.header("Authorization", "Bearer " + given));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
