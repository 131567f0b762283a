package dev.mortise.mcp.internal.client.process;

import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.lines.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server's process, from its start until nothing is left of it. */
final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final Logger STDERR = LoggerFactory.getLogger("dev.mortise.mcp.client.stderr");
    private static final int LONGEST_STDERR_LINE = 64 * 1024;

    private final ServerCommand command;
    private final Process process;

    /** Who was seen below the program; remembered, because children whose parent has died cannot be found any more. */
    private final Set<ProcessHandle> family = ConcurrentHashMap.newKeySet();

    private ServerProcess(ServerCommand command, Process process) {
        this.command = command;
        this.process = process;
    }

    /** @throws TransportException if the program cannot be started */
    static ServerProcess start(ServerCommand command) {
        ProcessBuilder builder = new ProcessBuilder(command.command());
        Map<String, String> environment = builder.environment();
        Map<String, String> wanted =
                ChildEnvironment.of(System.getenv(), System.getProperty("os.name", ""), command.environment());
        environment.clear();
        environment.putAll(wanted);
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        try {
            var process = new ServerProcess(command, builder.start());
            process.readStderr();
            return process;
        } catch (IOException e) {
            throw new TransportException(
                    "The server " + command.label() + " cannot be started; is it installed, and on the PATH? "
                            + e.getMessage(),
                    e);
        }
    }

    InputStream output() {
        return process.getInputStream();
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    /** Looks who is there, while there is a parent to find them by. Takes some milliseconds. */
    void lookAround() {
        family.removeIf(relative -> !relative.isAlive());
        process.descendants().forEach(family::add);
    }

    /**
     * Runs the action when the program that was started has ended, whoever of its family goes on. Not by
     * {@link Process#onExit}: the JDK drains the output of a program that has ended, for which it waits until a read that
     * is under way is over, and that never comes while a child holds the output open. It is a race whether other actions
     * run before that; those of {@code onExit} run, or are blocked, in the common pool, moreover.
     */
    void onExit(Runnable action) {
        // A platform thread, as for the output: what waits for a process may hold on to the carrier of a virtual one.
        Thread.ofPlatform().daemon().name("mortise-client-exit").start(() -> {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                LOG.debug("Nobody interrupts this", e);
            }
            action.run();
        });
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended, in words. */
    String ending() {
        try {
            return process.waitFor(200, TimeUnit.MILLISECONDS)
                    ? "exited with " + process.exitValue()
                    : "closed its standard output";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "ended";
        }
    }

    private void readStderr() {
        String label = command.label();
        Consumer<String> lines =
                command.onStderr() == null ? line -> STDERR.info("{}: {}", label, line) : command.onStderr();
        // A platform thread: reading from a pipe would hold on to the carrier of a virtual one.
        Thread.ofPlatform().daemon().name("mortise-client-stderr").start(() -> {
            var reader = new LineReader(process.getErrorStream(), LONGEST_STDERR_LINE);
            try {
                while (true) {
                    switch (reader.next()) {
                        case LineReader.Line.Text text -> tell(lines, new String(text.bytes(), StandardCharsets.UTF_8));
                        case LineReader.Line.TooLong tooLong -> tell(lines, "(a line too long to be shown)");
                        case LineReader.Line.End end -> {
                            return;
                        }
                    }
                }
            } catch (IOException e) {
                LOG.debug("The standard error of a server is closed", e);
            }
        });
    }

    private static void tell(Consumer<String> lines, String line) {
        try {
            lines.accept(line);
        } catch (RuntimeException e) {
            LOG.warn("The consumer of a server's standard error failed", e);
        }
    }

    /**
     * Closes the input, and waits; then SIGTERM, and waits; then SIGKILL (stdio: Shutdown). Children that the server
     * started go with it: a server behind a launcher would otherwise live on without a client, also where the launcher
     * has died before it.
     */
    void stop() {
        boolean orphaned = !process.isAlive();
        lookAround();
        // Apart: closing waits for a write that a server which does not read keeps waiting.
        Thread.ofVirtual().name("mortise-client-close").start(this::closeInput);
        exitsWithin(command.grace(), orphaned);
        if (isAnybodyAlive(orphaned)) {
            lookAround();
            family.forEach(ProcessHandle::destroy);
            process.destroy();
            exitsWithin(command.grace(), orphaned);
        }
        for (ProcessHandle relative : family) {
            relative.destroyForcibly();
        }
        process.destroyForcibly();
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("The input of a server was closed already", e);
        }
    }

    private boolean isAnybodyAlive(boolean orphaned) {
        return orphaned ? family.stream().anyMatch(ProcessHandle::isAlive) : process.isAlive();
    }

    /**
     * An interrupt ends the waiting, and with it the grace.
     *
     * @param orphaned whether the parent is dead, so that its family is waited for
     */
    private void exitsWithin(Duration limit, boolean orphaned) {
        try {
            if (orphaned) {
                CompletableFuture.allOf(
                                family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                        .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } else if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("{} takes its time to exit", command.label());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("{} takes its time to exit", command.label());
        }
    }
}
