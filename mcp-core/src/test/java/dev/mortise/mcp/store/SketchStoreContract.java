package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.observe.ActiveCallers;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.observe.Window;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What replicas rely on that leave sketches for each other. */
abstract class SketchStoreContract {
    private static final CallerHash HASH = CallerHash.keyed("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    private StoreHome home;

    abstract StoreHome open();

    @BeforeEach
    void begin() {
        home = open();
    }

    @AfterEach
    void end() throws Exception {
        home.close();
    }

    @Test
    void givesBackTheLatestOfEachPeriodByteForByte() {
        SketchStore one = home.sketches();
        SketchStore other = home.sketches();
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        assertThat(one.read("2026-11-22")).isEmpty();
        one.write("2026-11-22", new byte[] {1}, Duration.ofDays(2));
        one.write("2026-11", new byte[] {2}, Duration.ofDays(62));
        other.write("2026-11-22", all, Duration.ofDays(2));

        assertThat(one.read("2026-11-22")).hasValue(all);
        assertThat(other.read("2026-11")).hasValue(new byte[] {2});
    }

    @Test
    void forgetsWhatIsOfNoMoreUse() throws Exception {
        home.sketches().write("2026-11-22", new byte[] {1}, Duration.ofDays(2));
        home.sketches().write("2026-11", new byte[] {2}, Duration.ofDays(62));
        home.pass(Duration.ofDays(3));
        home.sweep();

        assertThat(home.sketches().read("2026-11-22")).isEmpty();
        assertThat(home.sketches().read("2026-11")).hasValue(new byte[] {2});
    }

    @Test
    void replicasCountACallerOnceTogetherAndARestartForgetsNobody() throws Exception {
        ActiveCallers one = ActiveCallers.by(HASH, CLOCK);
        ActiveCallers two = ActiveCallers.by(HASH, CLOCK);
        visit(one, 0, 600);
        visit(two, 400, 1_000);
        one.exchange(home.sketches());
        two.exchange(home.sketches());
        home.restart();
        one.exchange(home.sketches());

        assertThat(one.count(Window.DAY)).isCloseTo(1_000, within(60.0)).isEqualTo(two.count(Window.DAY));
        ActiveCallers restarted = ActiveCallers.by(HASH, CLOCK);
        restarted.exchange(home.sketches());
        assertThat(restarted.count(Window.MONTH)).isEqualTo(one.count(Window.MONTH));
    }

    private static void visit(ActiveCallers callers, int from, int to) {
        for (int i = from; i < to; i++) {
            callers.saw(Caller.of("user-" + i));
        }
    }
}
