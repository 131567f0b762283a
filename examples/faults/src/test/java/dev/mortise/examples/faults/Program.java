package dev.mortise.examples.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A program that listens at a port; it can be killed, started again, and frozen. */
final class Program implements AutoCloseable {
    private final Path log;
    private final int port;
    private final List<String> command;
    private Process process;

    Program(Path log, int port, List<String> command) throws IOException {
        this.log = log;
        this.port = port;
        this.command = command;
        this.process = started();
    }

    private Process started() throws IOException {
        Process begun = Processes.start(log, command);
        Processes.awaitPort(port, begun);
        return begun;
    }

    int port() {
        return port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    void kill() throws InterruptedException {
        Processes.kill(process);
    }

    void startAgain() throws IOException {
        process = started();
    }

    void freeze() throws Exception {
        Processes.signal("-STOP", process());
    }

    void thaw() throws Exception {
        Processes.signal("-CONT", process());
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
