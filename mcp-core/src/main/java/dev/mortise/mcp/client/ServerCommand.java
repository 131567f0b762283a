package dev.mortise.mcp.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that the client starts as a process of its own and talks to over its standard streams. Immutable.
 *
 * <p>The process does not inherit the whole environment, which is full of other programs' secrets: only what a program
 * needs to run at all (such as {@code PATH} and {@code HOME}), and what is given here.
 *
 * @param command the program and its arguments; no shell looks at them
 * @param environment further variables, or others in place of those that are inherited
 * @param directory to run in; {@code null} for the one of this process
 * @param onStderr gets each line that the server writes to standard error; {@code null} to log them (SLF4J, INFO)
 * @param grace how long the process has to exit by itself once its input is closed, and then once more after SIGTERM
 */
public record ServerCommand(
        List<String> command,
        Map<String, String> environment,
        @Nullable Path directory,
        @Nullable Consumer<String> onStderr,
        Duration grace)
        implements ServerEndpoint {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

    public ServerCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("A command has at least the name of a program");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
    }

    public static ServerCommand of(String... command) {
        return of(List.of(command));
    }

    public static ServerCommand of(List<String> command) {
        return new ServerCommand(command, Map.of(), null, null, DEFAULT_GRACE);
    }

    public ServerCommand environment(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new ServerCommand(command, more, directory, onStderr, grace);
    }

    public ServerCommand directory(Path where) {
        return new ServerCommand(command, environment, where, onStderr, grace);
    }

    public ServerCommand onStderr(Consumer<String> lines) {
        return new ServerCommand(command, environment, directory, lines, grace);
    }

    public ServerCommand grace(Duration time) {
        return new ServerCommand(command, environment, directory, onStderr, time);
    }

    /** The program alone: arguments may be secret. */
    @Override
    public String label() {
        return command.get(0);
    }

    @Override
    public String toString() {
        return "ServerCommand[" + label() + "]";
    }
}
