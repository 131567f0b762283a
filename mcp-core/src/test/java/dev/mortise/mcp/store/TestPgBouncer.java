package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PgBouncer in transaction pooling: each transaction gets whatever connection is free. Where it is not installed,
 * the test that wants it says so and is not run; {@code MORTISE_REQUIRE_PGBOUNCER=1} makes that a failure.
 */
public final class TestPgBouncer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Process process;

    private TestPgBouncer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    public static TestPgBouncer before(TestPostgres server) {
        Path executable = executable();
        try {
            Path directory = Files.createTempDirectory("pgbouncer");
            int port = freePort();
            TestPgBouncer bouncer =
                    new TestPgBouncer(directory, port, started(executable, directory, server.port(), port));
            Eventually.holds("PgBouncer listens", bouncer::listens);
            return bouncer;
        } catch (Exception e) {
            throw new AssertionError("PgBouncer does not start", e);
        }
    }

    /** Ends the test where there is none. */
    static void requireInstalled() {
        executable();
    }

    private static Path executable() {
        Optional<Path> found = Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(entry -> Path.of(entry, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && "1".equals(System.getenv("MORTISE_REQUIRE_PGBOUNCER"))) {
            fail("PgBouncer is not installed");
        }
        return found.orElseGet(() -> abort("PgBouncer is not installed: this test was not run"));
    }

    private static Process started(Path executable, Path directory, int serverPort, int port) throws IOException {
        Path config = directory.resolve("pgbouncer.ini");
        Files.writeString(config, """
                [databases]
                postgres = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                max_client_conn = 1000
                default_pool_size = 4
                ignore_startup_parameters = extra_float_digits
                """.formatted(serverPort, port));
        // It refuses to run as root, and its new user has to read this.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(executable.toString(), config.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(1, List.of("-u", "nobody"));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Connections to it, which are cheap. */
    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser("postgres");
        return dataSource;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            for (String file : List.of("pgbouncer.ini", "log")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new AssertionError("PgBouncer leaves files", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
