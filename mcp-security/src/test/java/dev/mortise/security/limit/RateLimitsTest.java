package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What clients of a limited server see. */
class RateLimitsTest {
    private final ManualTicker ticker = new ManualTicker();

    private RateLimits.Builder limits() {
        return RateLimits.builder().time(Clock.systemUTC(), ticker);
    }

    private static Tool tool(String name) {
        return Tool.named(name).handle((in, call) -> "done");
    }

    private static Authenticator byHeader(AtomicInteger asked) {
        return origin -> {
            asked.incrementAndGet();
            return Authenticator.admit(
                    Caller.of(((HttpHead) origin).header("x-user").orElseThrow()));
        };
    }

    private static Wire server(RateLimits limits, Tool... tools) {
        var builder = McpServer.builder("test", "1")
                .authenticator(limits.guard(byHeader(new AtomicInteger())))
                .plugin(limits);
        for (Tool tool : tools) {
            builder.tool(tool);
        }
        return Wire.to(builder.build());
    }

    @Test
    void tooManyAreRefusedWithFieldsForMachinesAndWordsForModels() {
        Wire wire = server(
                limits().limit(Limit.perCaller("caller", Rate.perMinute(2), Rate.perHour(10)))
                        .build(),
                tool("search"));
        assertThat(wire.callFrom("192.0.2.1", "ann", "search").result()).isNotNull();
        assertThat(wire.callFrom("192.0.2.1", "ann", "search").result()).isNotNull();
        Received third = wire.callFrom("192.0.2.1", "ann", "search");
        assertThat(third.reply().status()).isEqualTo(429);
        assertThat(third.reply().headers())
                .containsEntry("Retry-After", "30")
                .containsEntry("RateLimit-Policy", "\"caller-60\";q=2;w=60")
                .containsEntry("RateLimit", "\"caller-60\";r=0;t=30");
        assertThat(third.reply().headers().toString()).doesNotContain("ann");
        assertThat(third.error().code()).isEqualTo(429);
        assertThat(third.error().message()).isEqualTo("Too many requests; try again in 30 s");
        assertThat(wire.callFrom("192.0.2.1", "bob", "search").reply().status()).isEqualTo(200);
        ticker.pass(Duration.ofSeconds(30));
        assertThat(wire.callFrom("192.0.2.1", "ann", "search").reply().status()).isEqualTo(200);
    }

    @Test
    void aToolCostsWhatItDeclares() {
        Tool dear = Tool.named("dear").with(Limit.COST, 5).handle((in, call) -> "done");
        Wire wire = server(
                limits().limit(Limit.perCaller("caller", Rate.perMinute(6))).build(), dear, tool("cheap"));
        assertThat(wire.callFrom("192.0.2.1", "ann", "dear").reply().status()).isEqualTo(200);
        assertThat(wire.callFrom("192.0.2.1", "ann", "dear").reply().status()).isEqualTo(429);
        assertThat(wire.callFrom("192.0.2.1", "ann", "cheap").reply().status()).isEqualTo(200);
        assertThat(wire.callFrom("192.0.2.1", "ann", "cheap").reply().status()).isEqualTo(429);
    }

    /** draft-ietf-httpapi-ratelimit-headers-11, section 6: no pace is to be read out of the fields that is above the policy. */
    @Test
    void whatIsLeftBesideADearCallIsNoInvitation() {
        Tool dear = Tool.named("dear").with(Limit.COST, 50).handle((in, call) -> "done");
        Wire wire = server(
                limits().limit(Limit.perCaller("caller", Rate.perMinute(60))).build(), dear, tool("cheap"));
        for (int i = 0; i < 11; i++) {
            wire.callFrom("192.0.2.1", "ann", "cheap");
        }
        // 49 are left, and 50 a second from now.
        assertThat(wire.callFrom("192.0.2.1", "ann", "dear").reply().headers())
                .containsEntry("RateLimit-Policy", "\"caller\";q=60;w=60")
                .containsEntry("RateLimit", "\"caller\";r=1;t=1");
    }

    /** Whatever the rates are, the fields are structured (RFC 9651): lists of strings, whole numbers of at most 15 digits. */
    @Test
    void fieldsAreStructuredWhateverTheRates() {
        Rate day = Rate.of(1_000_000_000, Duration.ofDays(366)).withBurst(1);
        Rate moment = Rate.of(1, Duration.ofMillis(1_500));
        Wire wire = server(
                limits().limit(Limit.perCaller("a-1", day, moment))
                        .limit(Limit.perTenant("b", Rate.of(1, Duration.ofDays(366))))
                        .build(),
                tool("search"));
        wire.callFrom("192.0.2.1", "ann \"x\"; pk=:YQ==:", "search");
        Received refused = wire.callFrom("192.0.2.1", "ann \"x\"; pk=:YQ==:", "search");
        assertThat(refused.reply().status()).isEqualTo(429);
        String item = "\"[a-z][a-z0-9-]*\"";
        assertThat(refused.reply().headers().get("RateLimit-Policy"))
                .matches(item + ";q=[0-9]{1,15}(;w=[1-9][0-9]{0,14})?(, " + item
                        + ";q=[0-9]{1,15}(;w=[1-9][0-9]{0,14})?)*")
                .contains("\"a-1-1500ms\";q=1,", "\"b\";q=1;w=31622400");
        assertThat(refused.reply().headers().get("RateLimit"))
                .matches(item + ";r=[0-9]{1,15};t=[0-9]{1,15}(, " + item + ";r=[0-9]{1,15};t=[0-9]{1,15})*")
                .contains("\"b\";r=0;t=31622400");
        assertThat(refused.reply().headers()).containsEntry("Retry-After", "31622400");
    }

    @Test
    void aToolThatCouldNeverBeCalledFailsTheBuild() {
        Tool dear = Tool.named("dear").with(Limit.COST, 7).handle((in, call) -> "done");
        assertThatThrownBy(() -> server(
                        limits().limit(Limit.perCaller("caller", Rate.perMinute(6)))
                                .build(),
                        dear))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dear")
                .hasMessageContaining("caller");
    }

    @Test
    void limitsAreOfToolsAndApartIfTheySaySo() {
        Wire wire = server(
                limits().limit(Limit.perTenant("slow", Rate.perMinute(1)).onTools("one"))
                        .limit(Limit.overall("each", Rate.perMinute(2)).apart())
                        .build(),
                tool("one"),
                tool("two"));
        assertThat(wire.callFrom("192.0.2.1", "ann", "one").reply().status()).isEqualTo(200);
        assertThat(wire.callFrom("192.0.2.1", "ann", "one").reply().headers().get("RateLimit"))
                .startsWith("\"slow\"");
        assertThat(wire.callFrom("192.0.2.1", "ann", "two").reply().status()).isEqualTo(200);
        assertThat(wire.callFrom("192.0.2.1", "bob", "two").reply().status()).isEqualTo(200);
        assertThat(wire.callFrom("192.0.2.1", "cid", "two").reply().headers().get("RateLimit"))
                .startsWith("\"each\"");
    }

    /** Names of tools that do not exist are anybody's to make up: they share one window. */
    @Test
    void inventedNamesAreNoWayAround() {
        Wire wire = server(
                limits().limit(Limit.perCaller("each", Rate.perMinute(2)).apart())
                        .build(),
                tool("one"));
        assertThat(wire.callFrom("192.0.2.1", "ann", "x1").error().code()).isEqualTo(-32602);
        assertThat(wire.callFrom("192.0.2.1", "ann", "x2").error().code()).isEqualTo(-32602);
        assertThat(wire.callFrom("192.0.2.1", "ann", "x3").error().code()).isEqualTo(429);
    }

    @Test
    void anAddressIsCountedBeforeAnybodyIsAsked() {
        AtomicInteger asked = new AtomicInteger();
        RateLimits limits = limits().addresses(Rate.perMinute(2)).build();
        Wire wire = Wire.to(McpServer.builder("test", "1")
                .authenticator(limits.guard(byHeader(asked)))
                .plugin(limits)
                .tool(tool("one"))
                .build());
        wire.callFrom("2001:db8::1", "ann", "one");
        wire.callFrom("2001:db8::2", "bob", "one");
        Received third = wire.callFrom("2001:db8::3", "cid", "one");
        assertThat(third.reply().status()).isEqualTo(429);
        assertThat(third.reply().headers()).containsEntry("RateLimit", "\"address\";r=0;t=30");
        assertThat(asked).hasValue(2);
        assertThat(wire.callFrom("2001:db8:0:1::3", "cid", "one").reply().status())
                .isEqualTo(200);
    }

    @Test
    void addressesMayBeCountedHereAndCallsTogether() {
        MemoryRateStore store = new MemoryRateStore(100, ticker);
        List<String> counted = new CopyOnWriteArrayList<>();
        RateStore shared = charges -> {
            charges.forEach(charge -> counted.add(charge.window()));
            return store.take(charges);
        };
        Wire wire = server(
                limits().addresses(Rate.perMinute(2))
                        .addressesHere()
                        .limit(Limit.perCaller("caller", Rate.perMinute(10)))
                        .shared(shared)
                        .build(),
                tool("one"));
        wire.callFrom("192.0.2.1", "ann", "one");
        wire.callFrom("192.0.2.1", "bob", "one");
        Received third = wire.callFrom("192.0.2.1", "cid", "one");
        assertThat(third.reply().headers()).containsEntry("RateLimit", "\"address\";r=0;t=30");
        assertThat(counted).containsExactly("caller", "caller");
    }

    @Test
    void refusalsAreTakenDownOnceAMinute() {
        List<AuditEvent> events = new CopyOnWriteArrayList<>();
        Tool low = Tool.named("one")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .handle((in, call) -> "done");
        Wire wire = server(
                limits().limit(Limit.perCaller("caller", Rate.perHour(1)))
                        .audit(events::add)
                        .build(),
                low);
        for (int i = 0; i < 10; i++) {
            wire.callFrom("192.0.2.1", "ann", "one");
        }
        assertThat(events).hasSize(1);
        AuditEvent event = events.getFirst();
        assertThat(event.kind()).isEqualTo(AuditEvent.Kind.LIMIT);
        assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.DENIED);
        assertThat(event.subject()).isEqualTo("ann");
        assertThat(event.target()).isEqualTo("one");
        assertThat(event.level()).isEqualTo(SecurityLevel.LOW);
        assertThat(event.details()).containsEntry("window", "caller");
        ticker.pass(Duration.ofMinutes(1));
        wire.callFrom("192.0.2.1", "ann", "one");
        assertThat(events).hasSize(2);
    }

    @Test
    void twoWindowsOfOneNameAreAMistake() {
        assertThatThrownBy(() -> limits().limit(Limit.perCaller("address", Rate.perMinute(1)))
                        .addresses(Rate.perMinute(1))
                        .build())
                .hasMessageContaining("address");
        assertThatThrownBy(() -> Limit.perCaller("x", Rate.perMinute(1), Rate.perMinute(2)))
                .hasMessageContaining("same period");
    }
}
