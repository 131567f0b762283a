package dev.mortise.examples.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL, which can be killed, started again, and frozen. */
final class Postgres implements AutoCloseable {
    private final Path directory;
    private final int port = Processes.freePort();
    private EmbeddedPostgres server;

    Postgres(Path directory) throws IOException {
        this.directory = directory;
        this.server = started();
    }

    private EmbeddedPostgres started() throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .start();
    }

    int port() {
        return port;
    }

    /** As {@code kill -9}, for all of its processes. */
    void kill() throws Exception {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .get(20, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        server.close();
        server = started();
    }

    void freeze() throws Exception {
        for (ProcessHandle process : processes()) {
            Processes.signal("-STOP", process);
        }
    }

    void thaw() throws Exception {
        for (ProcessHandle process : processes()) {
            Processes.signal("-CONT", process);
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
    public void close() throws Exception {
        thaw();
        List<ProcessHandle> processes = processes();
        server.close();
        for (ProcessHandle process : processes) {
            process.onExit().get(20, TimeUnit.SECONDS);
        }
    }
}
