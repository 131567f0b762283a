package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.SecurityLevel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Redis is killed, and hangs, while calls go on. */
@Timeout(90)
class OutageTest {
    private TestRedis server;
    private JedisRedis redis;
    private Wire wire;

    @BeforeEach
    void start() {
        server = TestRedis.start();
        // Slow to give up, so that it is not the client's own time-out that is seen.
        redis = JedisRedis.connect(server.uri(), Duration.ofSeconds(20));
        RateLimits limits = RateLimits.builder()
                .limit(Limit.perCaller("caller", Rate.perDay(100)))
                .shared(RedisRateStore.over(redis))
                .onOutage(SecurityLevel.LOW, Outage.local(0.05))
                .onOutage(SecurityLevel.HIGH, Outage.closed())
                .patience(Duration.ofMillis(300))
                .pause(Duration.ofMillis(200))
                .build();
        wire = Wire.to(McpServer.builder("test", "1")
                .authenticator(limits.guard(origin -> Authenticator.admit(Caller.of("ann"))))
                .plugin(limits)
                .tool(Tool.named("low")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "done"))
                .tool(Tool.named("high")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                        .handle((in, call) -> "done"))
                .tool(Tool.named("undeclared").handle((in, call) -> "done"))
                .build());
        assertThat(call("low").reply().status()).isEqualTo(200);
        assertThat(call("high").reply().status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        redis.close();
        server.close();
    }

    private Received call(String tool) {
        return wire.callFrom("192.0.2.1", "ann", tool);
    }

    @Test
    void killedInTheMiddleItDoesAsConfiguredAndComesBack() throws Exception {
        server.kill();
        Received high = call("high");
        assertThat(high.reply().status()).isEqualTo(503);
        assertThat(high.reply().headers()).containsEntry("Retry-After", "1");
        assertThat(high.error().message()).isEqualTo("Rate limiting is unavailable");
        assertThat(call("undeclared").reply().status()).isEqualTo(503);
        int admitted = 0;
        for (int i = 0; i < 20; i++) {
            admitted += call("low").reply().status() == 200 ? 1 : 0;
        }
        assertThat(admitted).as("a twentieth of the rate").isEqualTo(5);
        server.startAgain();
        Eventually.holds("it is asked again", () -> call("high").reply().status() == 200);
        assertThat(call("low").reply().status()).isEqualTo(200);
    }

    @Test
    void oneThatHangsHoldsNoCall() throws Exception {
        server.freeze();
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(call("low").reply().status()).isEqualTo(200);
            }
            assertThat(call("high").reply().status()).isEqualTo(503);
            // All are answered while it hangs: nothing but patience ended their waiting.
        } finally {
            server.thaw();
        }
        Eventually.holds("it is asked again", () -> call("high").reply().status() == 200);
    }
}
