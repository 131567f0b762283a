package dev.mortise.billing.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tenants are entitled to while the database is away. */
class PaidAccessTest {
    private static final String SCHEMA = "paid_access";
    private static final Currency EURO = Currency.getInstance("EUR");

    private final TestClock clock = new TestClock();
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger connections = new AtomicInteger();
    private Database database;
    private Payments payments;

    @BeforeEach
    void start() {
        DataSource real = SharedServers.postgres().dataSource();
        DataSource dataSource = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        connections.incrementAndGet();
                        if (away.get()) {
                            throw new SQLException("The database is away");
                        }
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        database = Database.of(dataSource, SCHEMA, Duration.ofSeconds(5));
        payments = Payments.builder(database)
                .provider(new SnapshotRaceTest.SlowProvider())
                .prices(PriceList.of(List.of(new PlanPrice("gold", EURO, "slow", "gold"))))
                .clock(clock)
                .migrate();
        payments.subscribe("acme", "r1", "slow", "gold", EURO, Duration.ZERO);
    }

    @AfterEach
    void stop() throws Exception {
        database.close();
        try (Connection connection = SharedServers.postgres().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
        }
    }

    @Test
    void whatIsKnownCountsUntilItIsTooOld() {
        assertThat(payments.access().of("acme").plan()).isEqualTo("gold");
        away.set(true);
        assertThatThrownBy(() -> payments.access().of("stranger")).isInstanceOf(StoreUnavailable.class);
        clock.advance(Duration.ofHours(2));
        int before = connections.get();
        for (int i = 0; i < 1_000; i++) {
            assertThat(payments.access().of("acme").plan()).isEqualTo("gold");
        }
        assertThat(connections.get() - before).as("not every call waits for it").isEqualTo(1);
        clock.advance(Duration.ofDays(3).minusHours(2).minusSeconds(1));
        assertThat(payments.access().of("acme").plan()).isEqualTo("gold");
        clock.advance(Duration.ofSeconds(1));
        assertThat(payments.access().of("acme").plan()).isNull();
        assertThat(payments.access().of("acme").stale()).isTrue();
        away.set(false);
        clock.advance(Duration.ofSeconds(5));
        payments.reconcile(10);
        assertThat(payments.access().of("acme").plan()).isEqualTo("gold");
    }
}
