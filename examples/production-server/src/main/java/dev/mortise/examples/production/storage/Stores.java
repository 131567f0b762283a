package dev.mortise.examples.production.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.StateKeys;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.JdbcStores;
import dev.mortise.mcp.store.jdbc.ObservedDataSource;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.RedisStores;
import dev.mortise.security.limit.RateStore;
import dev.mortise.security.limit.RedisRateStore;
import dev.mortise.security.replay.JdbcReplayStore;
import dev.mortise.security.replay.RedisReplayStore;
import dev.mortise.security.replay.ReplayStore;
import dev.mortise.security.store.SecurityStores;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where everything is kept: SQLite files in the data folder; or PostgreSQL and Redis, and then any number of processes
 * serve the same. Closes what it opened, in reverse.
 */
public final class Stores implements McpServer.Plugin, AutoCloseable {
    private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LINGER = Duration.ofMillis(10);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final @Nullable DataFolder folder;
    private final @Nullable HikariDataSource pool;
    private final @Nullable JedisRedis redis;
    private final WorkObserver observer;
    private final DerivedKeys keys;
    private final SecurityStores security;
    private final Database database;
    private final JdbcStores jdbc;
    private final @Nullable RedisStores shared;

    private Stores(Settings settings, WorkObserver observer) throws IOException {
        this.observer = observer;
        String url = settings.get(Setting.DATABASE_URL);
        pool = url.isEmpty() ? null : opened(pool(url, settings.isOn(Setting.DATABASE_PREPARED_STATEMENTS)));
        folder = pool == null ? DataFolder.open(settings.data()) : null;
        String address = settings.get(Setting.REDIS_URL);
        redis = address.isEmpty() ? null : opened(redis(URI.create(address)));
        Optional<String> secret = settings.find(Setting.MORTISE_SECRET);
        keys = DerivedKeys.of((secret.isPresent() || folder == null) ? secret.orElseThrow() : folder.secret("secret"));
        security = opened(SecurityStores.sql(dataSource("security")).migrate());
        database = opened(Database.of(dataSource("memory")));
        jdbc = opened(JdbcStores.of(dataSource("server")).migrate());
        shared = redis == null ? null : opened(RedisStores.of(Redis.observed(redis, observer)));
    }

    /**
     * Opens them, and makes what is missing.
     *
     * @param observer stands around what calls wait for
     * @throws IOException if the data folder cannot be used
     * @throws dev.mortise.mcp.store.StoreUnavailable if a database does not answer
     */
    public static Stores open(Settings settings, WorkObserver observer) throws IOException {
        return new Stores(settings, observer);
    }

    private <T extends AutoCloseable> T opened(T store) {
        opened.push(store);
        return store;
    }

    private static HikariDataSource pool(String url, boolean prepared) throws IOException {
        PostgresUrl parts = PostgresUrl.parse(url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(parts.jdbc());
        config.setUsername(parts.user());
        config.setPassword(parts.password());
        config.setMaximumPoolSize(20);
        config.setConnectionTimeout(2_000);
        // It may come later: readiness says so until then.
        config.setInitializationFailTimeout(10_000);
        // Also what no interrupt reaches has an end.
        config.addDataSourceProperty("socketTimeout", "10");
        config.addDataSourceProperty("prepareThreshold", prepared ? "3" : "0");
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new IOException("DATABASE_URL leads to no database that answers: " + e.getMessage(), e);
        }
    }

    private static JedisRedis redis(URI address) throws IOException {
        try {
            return JedisRedis.connect(address, REDIS_TIMEOUT);
        } catch (RuntimeException e) {
            throw new IOException("REDIS_URL leads to no Redis that answers: " + e.getMessage(), e);
        }
    }

    /** PostgreSQL has one; of SQLite each part has a file of its own. */
    public DataSource dataSource(String part) throws IOException {
        return ObservedDataSource.of(folder == null ? Objects.requireNonNull(pool) : folder.database(part), observer);
    }

    /**
     * How long after one transaction that calls wait for the next begins at the soonest. Where many use one database, it
     * has less to do if more share a transaction; where one person uses a file, nobody would.
     */
    public Duration linger() {
        return pool == null ? Duration.ZERO : LINGER;
    }

    /** Tables that are the tools' own. */
    public Database database() {
        return database;
    }

    public SecurityStores security() {
        return security;
    }

    public DerivedKeys keys() {
        return keys;
    }

    public TaskStore tasks() {
        return shared == null ? jdbc.tasks() : shared.tasks();
    }

    public ReplayStore replays() {
        return redis == null
                ? JdbcReplayStore.migrate(database)
                : RedisReplayStore.over(Redis.observed(redis, observer));
    }

    /** Limits that hold for all replicas together; without Redis each process counts alone. */
    public Optional<RateStore> rates() {
        return redis().map(known -> RedisRateStore.over(Redis.observed(known, observer)));
    }

    /** The data folder; empty where everything is in databases elsewhere. */
    public Optional<DataFolder> folder() {
        return Optional.ofNullable(folder);
    }

    public Optional<JedisRedis> redis() {
        return Optional.ofNullable(redis);
    }

    /** What a server has to remember, or to share with the others. */
    @Override
    public void install(McpServerBuilder builder) {
        ServerEvents events = shared == null ? jdbc.serverEvents() : shared.serverEvents();
        builder.stateKeys(StateKeys.of(keys.bytes("request-state"))).events(events);
        if (shared == null) {
            builder.pendingInputs(jdbc.pendingInputs())
                    .legacyClients(LegacyClients.withSessions().stores(jdbc.sessions(), jdbc.events()));
        } else {
            builder.pendingInputs(shared.pendingInputs())
                    .legacyClients(LegacyClients.withSessions().stores(shared.sessions(), shared.events()));
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("A store does not close", e);
            }
        }
    }
}
