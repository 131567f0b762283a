package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.meter.RefundPolicy.Ending;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.Eventually;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call costs by how it ends, over connections of which some are cut. */
class RefundsTest {
    private static final RefundPolicy NONE = RefundPolicy.of();

    @TempDir
    Path directory;

    private final CountDownLatch running = new CountDownLatch(1);

    /** Every tool has one way to end, and its name. */
    private McpServer server(Billing billing, RefundPolicy ofTools) {
        McpServerBuilder builder = McpServer.builder("test", "1")
                .plugin(billing)
                .plugin(Resilience.builder()
                        .tools(
                                Ending.TIMED_OUT.name(),
                                Protection.builder()
                                        .timeout(Duration.ofMillis(50))
                                        .build())
                        .build());
        for (Ending ending : Ending.values()) {
            builder.tool(
                    Tool.named(ending.name()).with(Metering.REFUNDS, ofTools).handle((in, call) -> end(ending)));
        }
        return builder.tool(Tool.named("by_default").handle((in, call) -> end(Ending.TOOL_ERROR)))
                .build();
    }

    private Object end(Ending ending) throws InterruptedException {
        return switch (ending) {
            case TOOL_ERROR -> ToolOutcome.failed("no");
            case PROTOCOL_ERROR -> ToolOutcome.refused(Refusal.InvalidParams.of("no"));
            case TIMED_OUT, DISCONNECTED -> {
                running.countDown();
                new CountDownLatch(1).await();
                yield "never";
            }
        };
    }

    private static void call(MeteredHost host, Ending ending, CountDownLatch running) throws Exception {
        switch (ending) {
            case TOOL_ERROR -> assertThat(host.call(ending.name()).body()).contains("\"isError\":true");
            case PROTOCOL_ERROR -> assertThat(host.call(ending.name()).body()).contains("\"error\":");
            // Nobody knows how it ends before it has begun to be told: there may be a stream by then.
            case TIMED_OUT -> assertThat(host.call(ending.name()).body()).contains("\"error\":");
            case DISCONNECTED -> {
                try (Socket cut = host.begin(ending.name())) {
                    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
                }
            }
        }
    }

    private long costs(Ending ending, RefundPolicy ofServer, RefundPolicy ofTools) throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory);
                Billing billing = Billing.in(home.store(), new FixedPlan(100))
                        .tenantOf(caller -> "acme")
                        .timeout(Duration.ofSeconds(20))
                        .refunds(ofServer)
                        .build()) {
            try (MeteredHost host = new MeteredHost(server(billing, ofTools))) {
                call(host, ending, running);
                Eventually.holds("it is settled", () -> billing.quotas().open() == 0);
            }
            long used = billing.ledger().balance("acme", "api_calls");
            assertThat(billing.ledger().verify()).isEmpty();
            return used;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndingThatIsDeclaredToCostNothingCostsNothing(Ending ending) throws Exception {
        assertThat(costs(ending, NONE, RefundPolicy.of(ending))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherEndingIsCharged(Ending ending) throws Exception {
        Set<Ending> others = EnumSet.complementOf(EnumSet.of(ending));
        assertThat(costs(ending, RefundPolicy.STANDARD, new RefundPolicy(others)))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theStandardIsThatErrorsOfTheProtocolAndTimeOutsCostNothing(Ending ending) throws Exception {
        long expected = switch (ending) {
            case TOOL_ERROR, DISCONNECTED -> 1;
            case PROTOCOL_ERROR, TIMED_OUT -> 0;
        };
        assertThat(costs(ending, NONE, RefundPolicy.STANDARD)).isEqualTo(expected);
    }

    private static Entitlement ofTwoMeters(String tenant, Instant at) {
        Entitlement plan = new FixedPlan(100).of(tenant, at);
        OptionalLong units = OptionalLong.of(100);
        Allowance operations = new Allowance("ai_operations", Measure.SUM, FixedPlan.PERIOD, units, units, List.of());
        return new Entitlement(
                tenant,
                plan.standing(),
                Optional.empty(),
                FixedPlan.PERIOD,
                Map.of("api_calls", plan.allowance("api_calls").orElseThrow(), "ai_operations", operations),
                Set.of(),
                FixedPlan.PERIOD.end(),
                at);
    }

    /** What a call costs, by meter, that weighs one in the first and two in the second. */
    private List<Long> costsInTwoMeters(Ending ending, RefundPolicy ofTools) throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory);
                Billing billing = Billing.in(home.store(), RefundsTest::ofTwoMeters)
                        .tenantOf(caller -> "acme")
                        .timeout(Duration.ofSeconds(20))
                        .toolWeight(Weight.of(Meter.API_CALLS, 1).and(Meter.AI_OPERATIONS, 2))
                        .build()) {
            try (MeteredHost host = new MeteredHost(server(billing, ofTools))) {
                call(host, ending, running);
                Eventually.holds("it is settled", () -> billing.quotas().open() == 0);
            }
            assertThat(billing.ledger().verify()).isEmpty();
            return List.of(
                    billing.ledger().balance("acme", "api_calls"),
                    billing.ledger().balance("acme", "ai_operations"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndingMayCostSomethingInOneMeterAlone(Ending ending) throws Exception {
        assertThat(costsInTwoMeters(ending, RefundPolicy.of(ending).with(Meter.AI_OPERATIONS, NONE)))
                .containsExactly(0L, 2L);
    }

    @ParameterizedTest
    @EnumSource
    void anEndingMayCostNothingInOneMeterAlone(Ending ending) throws Exception {
        assertThat(costsInTwoMeters(ending, NONE.with(Meter.AI_OPERATIONS, RefundPolicy.of(ending))))
                .containsExactly(1L, 0L);
    }

    @Test
    void theServersPolicyIsForToolsThatHaveNone() throws Exception {
        try (LedgerHome home = LedgerHome.sqlite(directory);
                Billing billing = Billing.in(home.store(), new FixedPlan(100))
                        .tenantOf(caller -> "acme")
                        .timeout(Duration.ofSeconds(20))
                        .refunds(RefundPolicy.of(Ending.TOOL_ERROR))
                        .build();
                MeteredHost host = new MeteredHost(server(billing, NONE))) {
            host.call("by_default");
            host.call(Ending.TOOL_ERROR.name());
            assertThat(billing.ledger().balance("acme", "api_calls")).isEqualTo(1);
        }
    }
}
