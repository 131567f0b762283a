package dev.mortise.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.audit.CheckpointSigner;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/**
 * How many events a second the audit log takes down durably: callers that each wait for theirs. PostgreSQL is a real one
 * that waits for its disk ({@code fsync} and {@code full_page_writes} on, unlike in the tests).
 */
final class AuditRun {
    private static final List<Integer> CALLERS = List.of(1, 64, 256);
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private AuditRun() {}

    /** @param args seconds for each line; 5 if nothing is said */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length == 0 ? 5 : Integer.parseInt(args[0]));
        Path directory = Files.createTempDirectory("audit");
        try {
            for (Durability durability : List.of(Durability.WRITTEN, Durability.SYNCED)) {
                SQLiteDataSource file = new SQLiteDataSource();
                file.setUrl("jdbc:sqlite:" + directory.resolve(durability + ".db"));
                run("sqlite", file, durability, time);
            }
            postgres(directory.resolve("postgres"), time);
        } finally {
            TemporaryFolder.delete(directory);
        }
    }

    private static void postgres(Path directory, Duration time) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .start()) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(server.getPostgresDatabase());
            config.setMaximumPoolSize(4);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                run("postgres", pool, Durability.WRITTEN, time);
                run("postgres", pool, Durability.SYNCED, time);
            }
        }
    }

    private static void run(String database, DataSource dataSource, Durability durability, Duration time)
            throws Exception {
        CheckpointSigner signer =
                CheckpointSigner.of(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        try (AuditLog log = AuditLog.in(dataSource, signer)
                .durability(durability)
                .timeout(Duration.ofSeconds(30))
                .migrate()) {
            load(log, 64, WARM_UP);
            for (int callers : CALLERS) {
                Latencies latencies = load(log, callers, time);
                System.out.printf(
                        "%-9s %-8s %4d callers %8.0f records/s, %s%n",
                        database, durability, callers, latencies.count() / (time.toNanos() / 1e9), latencies.summary());
            }
        }
    }

    private static Latencies load(AuditLog log, int callers, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Future<Latencies>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < callers; c++) {
                String subject = "user-" + c;
                running.add(threads.submit(() -> {
                    Latencies latencies = new Latencies();
                    for (long began = System.nanoTime(); began - end < 0; began = System.nanoTime()) {
                        log.record(event(subject));
                        latencies.add(System.nanoTime() - began);
                    }
                    return latencies;
                }));
            }
        }
        Latencies all = new Latencies();
        for (Future<Latencies> each : running) {
            all.addAll(each.get());
        }
        return all;
    }

    private static AuditEvent event(String subject) {
        return new AuditEvent(
                Instant.now(),
                AuditEvent.Kind.DECISION,
                AuditEvent.Outcome.ALLOWED,
                subject,
                "acme",
                "key_4f2a",
                "tools/call",
                "delete_rows",
                SecurityLevel.HIGH,
                "granted",
                "42",
                "0af7651916cd43dd8448eb211c80319c",
                Map.of(
                        "arguments",
                        "sha256:00112233445566778899aabbccddeeff:"
                                + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
    }
}
