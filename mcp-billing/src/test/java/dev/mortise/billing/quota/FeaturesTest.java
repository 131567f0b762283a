package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tools that tenants define themselves, which only some plans have. */
class FeaturesTest {
    private static final String FEATURE = "custom-tools";

    /** Each tenant has one tool of its own, which is named after it. */
    private record OwnTools() implements Source<Tool> {
        private static Tool of(Caller caller) {
            String tenant = caller.tenant().orElseThrow();
            return Tool.named(tenant + "_report")
                    .with(Metering.FEATURE, FEATURE)
                    .handle((in, call) -> "the report of " + tenant);
        }

        @Override
        public List<Tool> list(Caller caller, String after, int limit) {
            return List.of(of(caller)).stream()
                    .filter(tool -> after == null || tool.key().compareTo(after) > 0)
                    .toList();
        }

        @Override
        public Optional<Tool> find(Caller caller, String key) {
            return Optional.of(of(caller)).filter(tool -> tool.key().equals(key));
        }

        @Override
        public boolean perCaller() {
            return true;
        }
    }

    @TempDir
    Path directory;

    private final Map<String, String> plans = new ConcurrentHashMap<>(Map.of("acme", "professional", "tiny", "free"));
    private LedgerHome home;
    private Billing billing;

    @BeforeEach
    void start() {
        home = LedgerHome.sqlite(directory);
        billing = Billing.in(home.store(), this::entitlement)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        billing.close();
        home.close();
    }

    private Entitlement entitlement(String tenant, Instant at) {
        Entitlement fixed = new FixedPlan(100).of(tenant, at);
        Plan plan = Plans.STANDARD.stream()
                .filter(one -> one.ref().id().equals(plans.get(tenant)))
                .findFirst()
                .orElseThrow();
        return new Entitlement(
                tenant,
                fixed.standing(),
                Optional.of(plan.ref()),
                fixed.period(),
                fixed.allowances(),
                plan.features(),
                fixed.until(),
                at);
    }

    private Wire client(String tenant) {
        return Wire.to(McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(Caller.of("ann").withTenant(tenant)))
                .plugin(billing)
                .tools(new OwnTools())
                .build());
    }

    private long used(String tenant) {
        return billing.ledger().balance(tenant, "api_calls");
    }

    @Test
    void aPlanThatHasThemServesTheToolsOfATenant() {
        Wire acme = client("acme");
        assertThat(acme.call("acme_report", "{}").result().at("/content/0/text").stringValue())
                .isEqualTo("the report of acme");
        assertThat(used("acme")).isEqualTo(1);
        assertThat(acme.call("tiny_report", "{}").error().code())
                .as("another tenant's is not there")
                .isEqualTo(-32602);
        assertThat(used("acme")).isEqualTo(1);
    }

    @Test
    void aPlanThatDoesNotHaveThemListsThemAndSaysWhatTheyTake() {
        Wire tiny = client("tiny");
        JsonNode listed = tiny.result("tools/list", "{}").at("/tools/0");
        assertThat(listed.path("name").stringValue()).isEqualTo("tiny_report");
        assertThat(listed.path("_meta")
                        .path("dev.mortise/price")
                        .path("feature")
                        .stringValue())
                .isEqualTo(FEATURE);
        JsonNode denied = tiny.call("tiny_report", "{}").result();
        assertThat(denied.path("isError").booleanValue()).isTrue();
        assertThat(denied.at("/structuredContent/reason").stringValue()).isEqualTo("feature");
        assertThat(denied.at("/structuredContent/feature").stringValue()).isEqualTo(FEATURE);
        assertThat(used("tiny")).isZero();
    }

    @Test
    void aPlanThatChangesGivesThemAndTakesThem() {
        Wire acme = client("acme");
        plans.put("acme", "starter");
        assertThat(acme.call("acme_report", "{}").result().path("isError").booleanValue())
                .isTrue();
        plans.put("acme", "enterprise");
        assertThat(acme.call("acme_report", "{}").result().path("isError").booleanValue(false))
                .isFalse();
        assertThat(used("acme")).isEqualTo(1);
    }
}
