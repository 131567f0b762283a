package dev.mortise.billing.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.quota.redis.OnePlan;
import dev.mortise.billing.store.ChildJvm;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients call a server over HTTP while the server is killed twice, and its databases once each. Afterwards the ledger has
 * what the clients have receipts for, once, and at most what was under way when the server was killed.
 *
 * <p>{@code mvn -Pload -pl mcp-billing test} makes it 50,000 calls.
 */
@Timeout(600)
class LoadUnderKillTest {
    private static final int CALLS = Integer.getInteger("mortise.load.calls", 4_000);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path directory;

    private int port;
    private ChildJvm server;
    private int starts;

    @BeforeEach
    void findPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private interface Blow {
        void strike() throws Exception;
    }

    private void startServer(LedgerHome home, String... redis) throws Exception {
        String[] arguments = new String[3 + redis.length];
        arguments[0] = Integer.toString(port);
        arguments[1] = home.url();
        arguments[2] = home.schema();
        System.arraycopy(redis, 0, arguments, 3, redis.length);
        server = ChildJvm.start(MeteredServer.class, directory.resolve("server-" + ++starts), arguments);
        assertThat(server.line()).contains("listening");
    }

    private void killServer(LedgerHome home, String... redis) throws Exception {
        server.close();
        startServer(home, redis);
    }

    /** Waits for so many answers more, in hundredths of all. */
    private static void answered(Clients clients, int hundredths) throws Exception {
        int wanted = Math.min(CALLS, clients.charged.size() + CALLS * hundredths / 100);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (clients.charged.size() < wanted) {
            assertThat(System.nanoTime() - end)
                    .as("%d of %d calls are answered", clients.charged.size(), wanted)
                    .isNegative();
            clients.check();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/mcp");
    }

    @Test
    void throughRedis() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                TestRedis redis = TestRedis.start();
                LedgerHome home = LedgerHome.postgres(postgres)) {
            LedgerStore ledger = home.store();
            String counters = redis.uri().toString();
            startServer(home, counters);
            try (Clients clients = new Clients(uri(), CALLS)) {
                clients.start();
                answered(clients, 15);
                killServer(home, counters);
                answered(clients, 15);
                postgres.kill();
                // Nobody waits for PostgreSQL.
                answered(clients, 5);
                postgres.startAgain();
                answered(clients, 15);
                redis.kill();
                answered(clients, 10);
                redis.startAgain();
                answered(clients, 15);
                killServer(home, counters);
                clients.join();
                check(ledger, clients);
            } finally {
                server.close();
            }
        }
    }

    @Test
    void straightToPostgres() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                LedgerHome home = LedgerHome.postgres(postgres)) {
            LedgerStore ledger = home.store();
            startServer(home);
            try (Clients clients = new Clients(uri(), CALLS)) {
                clients.start();
                answered(clients, 25);
                killServer(home);
                answered(clients, 25);
                postgres.kill();
                postgres.startAgain();
                answered(clients, 25);
                killServer(home);
                clients.join();
                check(ledger, clients);
            } finally {
                server.close();
            }
        }
    }

    private void check(LedgerStore ledger, Clients clients) throws Exception {
        Eventually.holds(
                "all is in the ledger",
                () -> balance(ledger) >= clients.charged.size()
                        && booked(ledger).containsAll(clients.charged));
        server.tell("stop");
        server.ended();
        Set<String> booked = booked(ledger);
        System.out.printf(
                "%d calls answered, %d booked; %d without an answer, %d refused, at %s%n",
                clients.charged.size(), booked.size(), clients.unanswered.get(), clients.refused.get(), Instant.now());
        assertThat(booked).as("never less").containsAll(clients.charged);
        assertThat(booked.size() - clients.charged.size())
                .as("no more than was under way when the server was killed, twice")
                .isBetween(0, 2 * Clients.THREADS);
        assertThat(balance(ledger)).as("nothing twice").isEqualTo(booked.size());
        assertThat(ledger.verify()).isEmpty();
    }

    private static long balance(LedgerStore ledger) {
        long sum = 0;
        for (int t = 0; t < Clients.TENANTS; t++) {
            sum += ledger.balance("tenant-" + t, OnePlan.METER);
        }
        return sum;
    }

    /** The charges that stand: what was refused is taken back. */
    private static Set<String> booked(LedgerStore ledger) {
        Set<String> booked = new HashSet<>();
        Set<String> reversed = new HashSet<>();
        for (int t = 0; t < Clients.TENANTS; t++) {
            UsageQuery all = UsageQuery.of("tenant-" + t, OnePlan.METER, OnePlan.PERIOD.start(), OnePlan.PERIOD.end());
            UsageQuery next = all;
            for (var page = ledger.entries(next, 10_000); !page.isEmpty(); page = ledger.entries(next, 10_000)) {
                for (LedgerEntry entry : page) {
                    String charge = entry.id().substring(0, entry.id().lastIndexOf('/'));
                    assertThat(entry.amount()).isEqualTo(1);
                    assertThat((entry.reversal() ? reversed : booked).add(charge))
                            .isTrue();
                }
                next = all.after(page.getLast().position());
            }
        }
        booked.removeAll(reversed);
        return booked;
    }
}
