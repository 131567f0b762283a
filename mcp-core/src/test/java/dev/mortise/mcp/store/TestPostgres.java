package dev.mortise.mcp.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL, which can be killed and started again. Its commits wait until the operating system has its log, and
 * not for the disk unless that is asked for: what is killed here are processes.
 */
public final class TestPostgres implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final boolean syncs;
    private EmbeddedPostgres server;

    private TestPostgres(Path directory, int port, boolean syncs) throws IOException {
        this.directory = directory;
        this.port = port;
        this.syncs = syncs;
        this.server = started();
    }

    public static TestPostgres start() {
        return start(false);
    }

    /** As in production, and slower: its commits wait for the disk. */
    public static TestPostgres startSyncing() {
        return start(true);
    }

    private static TestPostgres start(boolean syncs) {
        try {
            return new TestPostgres(Files.createTempDirectory("postgres"), freePort(), syncs);
        } catch (IOException e) {
            throw new AssertionError("PostgreSQL does not start", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private EmbeddedPostgres started() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", syncs ? "on" : "off")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    public int port() {
        return port;
    }

    /** Connections that nobody shares. */
    public DataSource dataSource() {
        return dataSource("postgres");
    }

    public DataSource dataSource(String user) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser(user);
        return dataSource;
    }

    public void restart() throws IOException {
        server.close();
        server = started();
    }

    /** As {@code kill -9}, for all of its processes. */
    public void kill() throws Exception {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);
    }

    public void startAgain() throws IOException {
        server.close();
        server = started();
    }

    public void freeze() throws Exception {
        signal("-STOP");
    }

    public void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        for (ProcessHandle process : processes()) {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        }
    }

    /** The first one is the parent of the others. */
    private List<ProcessHandle> processes() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).getFirst());
        ProcessHandle parent = ProcessHandle.of(pid).orElseThrow();
        return Stream.concat(Stream.of(parent), parent.descendants()).toList();
    }

    @Override
    public void close() {
        try {
            // Somebody else may be stopping it already, at the end of the JVM: its files go when its processes have.
            List<ProcessHandle> processes =
                    Files.exists(directory.resolve("postmaster.pid")) ? processes() : List.<ProcessHandle>of();
            server.close();
            for (ProcessHandle process : processes) {
                process.onExit().get(20, TimeUnit.SECONDS);
            }
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.toList().reversed()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (Exception e) {
            throw new AssertionError("PostgreSQL does not end", e);
        }
    }
}
