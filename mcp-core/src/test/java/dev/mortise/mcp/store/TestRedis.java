package dev.mortise.mcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/** A real Redis with an append-only file, which can be killed, stopped and started again. */
public final class TestRedis implements AutoCloseable {
    private final Path directory;
    private final int port;
    private Process process;

    private TestRedis(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    public static TestRedis start() {
        try {
            TestRedis redis = new TestRedis(Files.createTempDirectory("redis"), freePort());
            redis.startAgain();
            return redis;
        } catch (Exception e) {
            throw new AssertionError("Redis does not start", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    public URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    public void startAgain() throws Exception {
        Path executable = RedisExecProvider.defaultProvider().get().toPath();
        process = new ProcessBuilder(List.of(
                        executable.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "everysec",
                        "--save",
                        ""))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        awaitPort();
    }

    private void awaitPort() throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("PING\r\n".getBytes());
                // Not -LOADING.
                if (socket.getInputStream().read() == '+') {
                    return;
                }
            } catch (IOException e) {
                assertThat(process.isAlive())
                        .as(Files.readString(directory.resolve("log")))
                        .isTrue();
            }
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }

    /** As {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Alive, but it does nothing: as a machine that hangs. */
    public void freeze() throws Exception {
        signal("-STOP");
    }

    public void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    public void restart() throws Exception {
        process.destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        startAgain();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
