package dev.mortise.billing.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.Billing;
import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.quota.Reservation.Commit;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A plan that includes ten calls, and sells more. */
class SoftLimitTest {
    private static final int INCLUDED = 10;

    @TempDir
    Path directory;

    private final List<Threshold> told = new CopyOnWriteArrayList<>();
    private LedgerHome home;

    @BeforeEach
    void start() {
        home = LedgerHome.sqlite(directory);
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(home.store().verify()).isEmpty();
        home.close();
    }

    private static Entitlement selling(String tenant, Instant at) {
        Entitlement fixed = new FixedPlan(INCLUDED).of(tenant, at);
        Allowance soft = new Allowance(
                "api_calls",
                Measure.SUM,
                FixedPlan.PERIOD,
                OptionalLong.of(INCLUDED),
                OptionalLong.empty(),
                List.of(80, 100, 300));
        return new Entitlement(
                tenant,
                fixed.standing(),
                fixed.plan(),
                fixed.period(),
                Map.of("api_calls", soft),
                Set.of(),
                fixed.until(),
                at);
    }

    private Billing replica() {
        return replica(home.store());
    }

    private Billing replica(LedgerStore store) {
        return Billing.in(store, SoftLimitTest::selling)
                .timeout(Duration.ofSeconds(20))
                .onThreshold(told::add)
                .build();
    }

    private static Wire client(Billing billing) {
        return Wire.to(McpServer.builder("test", "1")
                .plugin(billing)
                .tool(Tool.named("ok").handle((in, call) -> "ok"))
                .tool(Tool.named("thinks")
                        .with(Metering.WEIGHT, Weight.of(Meter.AI_OPERATIONS, 3))
                        .handle((in, call) -> "ok"))
                .build());
    }

    private static void call(Billing billing, int times) {
        Wire client = client(billing);
        for (int i = 0; i < times; i++) {
            assertThat(client.call("ok", "{}").result().path("isError").booleanValue(false))
                    .isFalse();
        }
    }

    private void untilTold(Integer... percents) {
        Eventually.holds("they are told of " + List.of(percents), () -> told.size() >= percents.length);
        assertThat(told).extracting(Threshold::percent).containsExactlyInAnyOrder(percents);
    }

    /** What the second replica reaches is the sign that it has looked at what the first one had reached before. */
    @Test
    void whatIsPassedIsServedAndToldOnceByWhicheverReplica() {
        try (Billing first = replica()) {
            call(first, INCLUDED);
            untilTold(80, 100);
        }
        try (Billing second = replica()) {
            call(second, 2 * INCLUDED);
            untilTold(80, 100, 300);
            assertThat(second.ledger().balance("~local", "api_calls")).isEqualTo(3 * INCLUDED);
        }
        assertThat(told).allSatisfy(one -> assertThat(one.included()).isEqualTo(INCLUDED));
    }

    /** Of a larger plan eighty percent are news again; and so are those of what is stored, which has no month, in each month. */
    @Test
    void anotherPlanAndAnotherPeriodHaveThresholdsOfTheirOwn() {
        AtomicLong included = new AtomicLong(10);
        AtomicReference<Period> period = new AtomicReference<>(FixedPlan.PERIOD);
        Entitlements changing = (tenant, at) -> {
            Entitlement fixed = new FixedPlan(1).of(tenant, at);
            OptionalLong units = OptionalLong.of(included.get());
            OptionalLong none = OptionalLong.empty();
            return new Entitlement(
                    tenant,
                    fixed.standing(),
                    fixed.plan(),
                    fixed.period(),
                    Map.of(
                            "api_calls",
                            new Allowance("api_calls", Measure.SUM, FixedPlan.PERIOD, units, none, List.of(80)),
                            "storage",
                            new Allowance("storage", Measure.PEAK, period.get(), units, none, List.of(80))),
                    Set.of(),
                    fixed.until(),
                    at);
        };
        try (Billing billing = Billing.in(home.store(), changing)
                .timeout(Duration.ofSeconds(20))
                .onThreshold(told::add)
                .build()) {
            call(billing, 10);
            untilTold(80);
            included.set(20);
            call(billing, 10);
            untilTold(80, 80);
            assertThat(told).extracting(Threshold::included).containsExactly(10L, 20L);

            store(billing, 17);
            untilTold(80, 80, 80);
            store(billing, 1);
            period.set(new Period(FixedPlan.PERIOD.start().plusSeconds(60), FixedPlan.PERIOD.end()));
            store(billing, 1);
            untilTold(80, 80, 80, 80);
            assertThat(told.getLast().window().startsAt())
                    .isEqualTo(period.get().start().toEpochMilli());
        }
    }

    private static void store(Billing billing, long units) {
        Request request = new Request("~local", Map.of("storage", units), "test", "", "");
        Admission admission = billing.quotas().reserve(request, Duration.ofMinutes(1));
        assertThat(admission).isInstanceOf(Admission.Reserved.class);
        assertThat(((Admission.Reserved) admission).reservation().commit()).isInstanceOf(Commit.Booked.class);
    }

    private void untilNothingIsToBeCarriedOver() {
        Eventually.holds("no page is left", () -> {
            try (Connection connection = home.dataSource().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery("SELECT COUNT(*) FROM ledger_page")) {
                return found.next() && found.getLong(1) == 0;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Post charge(long number, long units) {
        String id = EventNumber.id(EventNumber.charge("dead", number), "api_calls");
        Instant now = Instant.now();
        return new Post.Use(UsageEvent.of("~local", "api_calls", "mcp", id, units, now), now, true);
    }

    /** A process has died behind its last charges. Another one, which has none of its own to write, is asked for a total. */
    @Test
    void whatWasReachedIsToldThoughNobodyChargesAnyMore() {
        LedgerStore dead = home.store();
        dead.join("dead", Duration.ofHours(1));
        dead.append(new Batch("dead", 1, List.of(charge(1, 1)), List.of()));
        LedgerStore store = home.store();
        try (Billing billing = replica(store)) {
            // The first of a tenant is booked at once, and the second carried over, after which nothing is left to do.
            call(billing, 2);
            untilNothingIsToBeCarriedOver();
            dead.append(new Batch("dead", 2, List.of(charge(2, INCLUDED)), List.of()));
            assertThat(store.balance("~local", "api_calls")).isEqualTo(INCLUDED + 3);
            untilTold(80, 100);
        }
    }

    @Test
    void aMeterThatThePlanDoesNotHaveIsDenied() {
        try (Billing billing = replica()) {
            JsonNode denied = client(billing).call("thinks", "{}").result();
            assertThat(denied.path("isError").booleanValue()).isTrue();
            assertThat(denied.at("/structuredContent/reason").stringValue()).isEqualTo("not_included");
            assertThat(denied.at("/structuredContent/meter").stringValue()).isEqualTo("ai_operations");
            assertThat(denied.at("/structuredContent/requested").longValue()).isEqualTo(3);
            assertThat(denied.path("structuredContent").has("resetsAt"))
                    .as("waiting does not help")
                    .isFalse();
            assertThat(billing.ledger().balance("~local", "ai_operations")).isZero();
        }
    }
}
