package dev.mortise.mcp.store;

/** The servers that all contract tests of this JVM share, started when the first needs them. */
public final class SharedServers {
    private SharedServers() {}

    public static TestRedis redis() {
        return RedisHolder.SERVER;
    }

    public static TestPostgres postgres() {
        return PostgresHolder.SERVER;
    }

    /** In front of {@link #postgres()}. */
    public static TestPgBouncer pgBouncer() {
        TestPgBouncer.requireInstalled();
        return PgBouncerHolder.SERVER;
    }

    private static final class PgBouncerHolder {
        static final TestPgBouncer SERVER = TestPgBouncer.before(postgres());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    private static final class RedisHolder {
        static final TestRedis SERVER = TestRedis.start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }

    private static final class PostgresHolder {
        static final TestPostgres SERVER = TestPostgres.start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        }
    }
}
