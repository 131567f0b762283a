package dev.mortise.mcp.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.health.HealthCheck.Group;
import dev.mortise.mcp.resilience.Eventually;
import dev.mortise.mcp.resilience.Figures;
import dev.mortise.mcp.resilience.ManualTicker;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real servers die, hang and come back. The clock is the test's: what is asserted is that a stopped dependency shows
 * with the next looks at it, however it stopped, and clears by itself.
 */
@Timeout(120)
class StoppedDependencyTest {
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ManualTicker time = new ManualTicker();
    private final AtomicInteger looks = new AtomicInteger();
    private final Figures figures = new Figures();

    private Health watching(HealthCheck check) {
        HealthCheck counted =
                new HealthCheck(check.name(), check.groups(), check.required(), check.every(), check.timeout(), () -> {
                    looks.incrementAndGet();
                    return check.probe().look();
                });
        return Health.builder().ticker(time).clock(time).check(counted).build().reportTo(figures);
    }

    private double shown() {
        return figures.read().get("system.health{component=store}");
    }

    /** A look that begins after this has begun when it returns; one may be under way, which time has to end first. */
    private void look() {
        int before = looks.get();
        asTimePasses(() -> looks.get() > before);
    }

    private void asTimePasses(BooleanSupplier condition) {
        Eventually.holds(() -> {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (time.waiting() == 1) {
                time.pass(PERIOD);
            }
            return false;
        });
    }

    private void expectDownThenUp(Health health, Breaking breaking) throws Exception {
        McpServer server = McpServer.builder("test", "1").plugin(health).build();
        try {
            Eventually.holds(() -> health.status(Group.READY) == Status.UP && shown() == 1);
            breaking.kill();
            look();
            Eventually.holds(() -> health.status(Group.READY) == Status.DOWN);
            assertThat(shown()).isZero();
            assertThat(figures.read()).containsEntry("system.health{component=server}", 0.0);
            breaking.startAgain();
            // A pool may take its time before it tries again, so perhaps not with the first look.
            awaitUp(health);
            assertThat(shown()).isEqualTo(1);

            breaking.freeze();
            asTimePasses(() -> health.status(Group.READY) == Status.DOWN);
            breaking.thaw();
            awaitUp(health);
        } finally {
            breaking.thaw();
            server.close();
        }
    }

    private void awaitUp(Health health) {
        asTimePasses(() -> health.status(Group.READY) == Status.UP);
    }

    /** What happens to a server. */
    private interface Breaking {
        void kill() throws Exception;

        void startAgain() throws Exception;

        void freeze() throws Exception;

        void thaw() throws Exception;
    }

    @Test
    void postgres() throws Exception {
        TestPostgres postgres = TestPostgres.start();
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        try (postgres;
                HikariDataSource pool = new HikariDataSource(config)) {
            expectDownThenUp(watching(Checks.dataSource("store", pool)), new Breaking() {
                @Override
                public void kill() throws Exception {
                    postgres.kill();
                }

                @Override
                public void startAgain() throws Exception {
                    postgres.startAgain();
                }

                @Override
                public void freeze() throws Exception {
                    postgres.freeze();
                }

                @Override
                public void thaw() throws Exception {
                    postgres.thaw();
                }
            });
        }
    }

    @Test
    void redis() throws Exception {
        try (TestRedis redis = TestRedis.start();
                JedisRedis client = JedisRedis.connect(redis.uri(), Duration.ofMinutes(1))) {
            expectDownThenUp(watching(Checks.redis("store", client)), new Breaking() {
                @Override
                public void kill() {
                    redis.kill();
                }

                @Override
                public void startAgain() throws Exception {
                    redis.startAgain();
                }

                @Override
                public void freeze() throws Exception {
                    redis.freeze();
                }

                @Override
                public void thaw() throws Exception {
                    redis.thaw();
                }
            });
        }
    }
}
