package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.audit.AuditPage;
import dev.mortise.security.audit.AuditQuery;
import dev.mortise.security.audit.CheckpointSigner;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.MemoryReplayStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** The server of the small call behind {@link Guards}, and the HTTP binding before it; without a network. */
final class GuardedServer implements AutoCloseable {
    private static final Rate WIDE = Rate.of(1_000_000_000, Duration.ofSeconds(1));
    private static final Rate WIDER = Rate.of(1_000_000_000, Duration.ofSeconds(2));
    private static final int BACKLOG = 2_048;

    private final Tokens tokens = new Tokens();
    private final byte[] message = Workload.call(Workload.TOOL).getBytes(StandardCharsets.UTF_8);
    private final List<String> name = List.of(Workload.TOOL);
    private final List<String> authorization = List.of(tokens.authorization());
    private final McpServer server;
    private final StreamableHttp http;
    private final @Nullable Path directory;
    private final @Nullable AuditLog log;

    GuardedServer(Guards guards) {
        McpServerBuilder builder = McpServer.builder(Workload.SERVER, Workload.VERSION)
                .tool(Tool.named(Workload.TOOL)
                        .description("Quotes a price")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes(Tokens.SCOPE))
                        .input(Workload.Item.class)
                        .handle((item, call) -> item.quote()));
        directory = guards.has(Guards.BUFFERED_AUDIT) ? temporary() : null;
        log = directory == null
                ? null
                : log(directory, guards.has(Guards.WRITTEN_AUDIT) ? Durability.WRITTEN : Durability.BUFFERED);
        if (guards.has(Guards.TOKEN)) {
            BearerAuthenticator.Builder bearer =
                    BearerAuthenticator.builder(Tokens.METADATA).verifier(tokens.verifier());
            if (log != null) {
                bearer.audit(log);
            }
            builder.plugin(guards.has(Guards.POLICY) ? security(bearer.build()) : bearer.build());
        }
        if (guards.has(Guards.LIMITS)) {
            builder.plugin(RateLimits.builder()
                    .limit(Limit.perCaller("caller", WIDE, WIDER))
                    .limit(Limit.perTenant("tenant", WIDE))
                    .limit(Limit.overall("tool", WIDE).apart())
                    .build());
        }
        if (guards.has(Guards.REPLAY)) {
            builder.plugin(IdempotentCalls.in(new MemoryReplayStore(1_000, 1L << 20, Ticker.system()))
                    .build());
        }
        server = builder.build();
        http = StreamableHttp.of(server::handle, HttpOptions.defaults());
    }

    private Security security(BearerAuthenticator bearer) {
        SecurityBuilder security = Security.in(Environment.DEVELOPMENT).authenticator(bearer);
        return (log == null ? security : security.audit(log)).build();
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("guarded");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AuditLog log(Path directory, Durability durability) {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + directory.resolve("audit.db"));
        try {
            return AuditLog.in(
                            file,
                            CheckpointSigner.of(
                                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair()))
                    .durability(durability)
                    .timeout(Duration.ofSeconds(30))
                    .backlog(BACKLOG)
                    .migrate();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has Ed25519", e);
        }
    }

    /** The small call, from bytes to bytes. */
    byte[] call() {
        MemoryHttp memory = new MemoryHttp(name, authorization, message);
        http.serve(memory, memory);
        return memory.written();
    }

    /** What was taken down so far. */
    List<AuditPage.Item> records() {
        return log == null
                ? List.of()
                : log.reader().find(AuditQuery.ofAllTenants()).items();
    }

    @Override
    public void close() {
        http.close();
        server.close();
        if (log != null) {
            log.close();
        }
        if (directory != null) {
            try {
                // Some go away by themselves, as connections are closed.
                for (String file : Objects.requireNonNull(directory.toFile().list())) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
