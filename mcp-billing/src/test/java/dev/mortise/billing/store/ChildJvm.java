package dev.mortise.billing.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another process that runs a {@code main} of the tests. What it says ends with a full stop, so that half a line is none. */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Path errors;

    private ChildJvm(Process process, Path errors) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /** @param errors where it writes what went wrong */
    public static ChildJvm start(Class<?> main, Path errors, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** The next whole line, without its end; empty when it is over. */
    public Optional<String> line() throws IOException {
        String line = out.readLine();
        return line == null || !line.endsWith(".")
                ? Optional.empty()
                : Optional.of(line.substring(0, line.length() - 1));
    }

    public void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** As {@code kill -9}; what it has said can still be read. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** @throws AssertionError unless it has ended well */
    public void ended() throws IOException, InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("The child has not ended well: " + Files.readString(errors));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
