package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ActiveCallersTest {
    record Nothing() {}

    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** Memory that two replicas share. */
    private static final class Shared implements SketchStore {
        private final Map<String, byte[]> sketches = new ConcurrentHashMap<>();

        @Override
        public Optional<byte[]> read(String period) {
            return Optional.ofNullable(sketches.get(period));
        }

        @Override
        public void write(String period, byte[] sketch, Duration keep) {
            sketches.put(period, sketch);
        }
    }

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T23:59:00Z"));
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };

    private ActiveCallers replica() {
        return ActiveCallers.by(CallerHash.keyed(KEY), clock);
    }

    private static void visit(ActiveCallers callers, int from, int to) {
        for (int i = from; i < to; i++) {
            callers.saw(Caller.of("user-" + i));
            callers.saw(Caller.of("user-" + i));
        }
    }

    @Test
    void countsWhoHadACallCarriedOut() {
        ActiveCallers callers = replica();
        AtomicReference<Caller> caller = new AtomicReference<>(Caller.of("a"));
        Wire wire = Wire.to(McpServer.builder("test", "1")
                .authenticator(origin -> Authenticator.admit(caller.get()))
                .plugin(callers)
                .tool(Tool.of("work", "Works", Nothing.class, in -> "done"))
                .build());
        wire.call("work");
        wire.call("work");
        caller.set(Caller.of("b"));
        wire.call("work");
        caller.set(Caller.of("c"));
        wire.call("made-up");

        assertThat(Math.round(callers.count(Window.DAY))).isEqualTo(2);
    }

    @Test
    void estimatesManyWithinAFewPercent() {
        ActiveCallers callers = replica();
        visit(callers, 0, 50_000);

        assertThat(callers.count(Window.DAY)).isCloseTo(50_000, within(2_500.0));
    }

    @Test
    void replicasCountACallerOnceTogether() {
        Shared shared = new Shared();
        ActiveCallers one = replica();
        ActiveCallers two = replica();
        visit(one, 0, 600);
        visit(two, 400, 1_000);
        one.exchange(shared);
        two.exchange(shared);
        one.exchange(shared);

        assertThat(one.count(Window.DAY)).isCloseTo(1_000, within(60.0)).isEqualTo(two.count(Window.DAY));
        ActiveCallers restarted = replica();
        restarted.exchange(shared);
        assertThat(restarted.count(Window.MONTH)).isEqualTo(one.count(Window.MONTH));
    }

    @Test
    void serversThatShareAStoreTellEachOtherAtTheLatestWhenTheyStop() {
        Shared shared = new Shared();
        for (String who : new String[] {"a", "b", "a"}) {
            McpServer server = McpServer.builder("test", "1")
                    .authenticator(origin -> Authenticator.admit(Caller.of(who)))
                    .plugin(replica().sharedBy(shared))
                    .tool(Tool.of("work", "Works", Nothing.class, in -> "done"))
                    .build();
            Wire.to(server).call("work");
            server.close();
        }
        ActiveCallers next = replica();
        next.exchange(shared);
        assertThat(Math.round(next.count(Window.DAY))).isEqualTo(2);
    }

    @Test
    void daysAndMonthsBeginAnew() {
        ActiveCallers callers = replica();
        visit(callers, 0, 10);
        now.set(Instant.parse("2026-11-30T00:01:00Z"));
        assertThat(callers.count(Window.DAY)).isZero();
        visit(callers, 5, 15);
        assertThat(Math.round(callers.count(Window.DAY))).isEqualTo(10);
        assertThat(Math.round(callers.count(Window.MONTH))).isEqualTo(15);

        now.set(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(callers.count(Window.MONTH)).isZero();
    }

    @Test
    void aStoreThatHoldsNonsenseChangesNothing() {
        Shared shared = new Shared();
        shared.write("2026-11-29", new byte[] {1, 2, 3}, Duration.ZERO);
        shared.write("2026-11", new byte[1 << 20], Duration.ZERO);
        ActiveCallers callers = replica();
        visit(callers, 0, 10);
        callers.exchange(shared);

        assertThat(Math.round(callers.count(Window.DAY))).isEqualTo(10);
        assertThat(Math.round(callers.count(Window.MONTH))).isEqualTo(10);
    }
}
