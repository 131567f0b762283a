package dev.mortise.billing.quota.redis;

import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.StoreUnavailable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that uses units of several tenants, and says which events were acknowledged, until it is told to stop or is
 * killed. Arguments: URL and schema of the ledger, Redis, prefix, threads.
 */
final class RedisSpender {
    private RedisSpender() {}

    public static void main(String[] arguments) throws Exception {
        LedgerHome home = LedgerHome.of(arguments[0], arguments[1]);
        try (Replica replica = new Replica(
                        home.setup().migrate(),
                        URI.create(arguments[2]),
                        arguments[3],
                        WhenRedisIsGone.SQL,
                        1_000_000_000,
                        Replica.SHORT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            System.out.println("ready.");
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    System.in.read();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < Integer.parseInt(arguments[4]); t++) {
                String tenant = "tenant-" + t % 3;
                all.add(threads.submit(() -> {
                    while (reader.isAlive()) {
                        try {
                            System.out.println(replica.spend(tenant, 1).orElseThrow() + ".");
                        } catch (StoreUnavailable e) {
                            // Not acknowledged: perhaps it is booked.
                            System.out.println("?.");
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        home.restart();
        System.out.println("stopped.");
    }
}
