package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/** Redis, two replicas and nginx in front of them, all of them real processes. */
final class Processes implements AutoCloseable {
    private static final String KEY = Base64.getEncoder().encodeToString("a key that all of them share....".getBytes());

    private final Path directory;
    private final List<Process> started = new ArrayList<>();
    private final int redisPort = freePort();
    private final int[] ports = {freePort(), freePort()};
    private final Process[] replicas = new Process[2];
    private final int proxyPort = freePort();
    private boolean proxied;

    private Processes(Path directory) throws IOException {
        this.directory = directory;
    }

    static Processes start(Path directory) throws Exception {
        Path nginx = nginx();
        Processes processes = new Processes(directory);
        try {
            processes.startRedis();
            processes.startReplica(0);
            processes.startReplica(1);
            processes.startNginx(nginx);
            return processes;
        } catch (Exception | Error e) {
            processes.close();
            throw e;
        }
    }

    private static Path nginx() {
        Optional<Path> found = Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(entry -> Path.of(entry, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && "1".equals(System.getenv("MORTISE_REQUIRE_NGINX"))) {
            fail("nginx is not installed");
        }
        return found.orElseGet(() -> abort("nginx is not installed: the test of two replicas was not run"));
    }

    private void startRedis() throws Exception {
        run(
                "redis",
                RedisExecProvider.defaultProvider().get().toString(),
                "--port",
                Integer.toString(redisPort),
                "--bind",
                "127.0.0.1",
                "--dir",
                directory.toString(),
                "--appendonly",
                "yes",
                "--save",
                "");
        awaitPort(redisPort);
    }

    /** On the port that it had, if it was there before. */
    void startReplica(int index) throws Exception {
        Process process = run(
                "replica-" + index,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                Integer.toString(ports[index]),
                "redis://127.0.0.1:" + redisPort);
        replicas[index] = process;
        awaitPort(ports[index]);
        if (proxied) {
            awaitUse(index);
        }
    }

    /** nginx stays away for some seconds from a replica that has failed. */
    private void awaitUse(int index) throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(proxy().resolve("/health/ready"))
                .timeout(Duration.ofSeconds(10))
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!http.send(ready, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("X-Replica")
                    .orElse("")
                    .equals(address(index))) {
                assertThat(System.nanoTime()).as(logs()).isLessThan(end);
            }
        }
    }

    /** As an operator does; returns when it has ended. */
    void terminateReplica(int index) throws InterruptedException {
        replicas[index].destroy();
        assertThat(replicas[index].waitFor(60, TimeUnit.SECONDS))
                .as("it stops by itself")
                .isTrue();
    }

    void killReplica(int index) throws InterruptedException {
        replicas[index].destroyForcibly();
        assertThat(replicas[index].waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private void startNginx(Path nginx) throws Exception {
        String config = Files.readString(Path.of("nginx.conf"))
                .replace("REPLICA_1", Integer.toString(ports[0]))
                .replace("REPLICA_2", Integer.toString(ports[1]))
                .replace("PORT", Integer.toString(proxyPort));
        // Its workers would otherwise be somebody who may not write here.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        Files.writeString(directory.resolve("nginx.conf"), user + config);
        run("nginx", nginx.toString(), "-p", directory.toString(), "-c", "nginx.conf");
        awaitPort(proxyPort);
        proxied = true;
    }

    private Process run(String name, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().put("MORTISE_STATE_KEY", KEY);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void awaitPort(int port) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                assertThat(System.nanoTime()).as(logs()).isLessThan(end);
                assertThat(started.getLast().isAlive()).as(logs()).isTrue();
                Thread.onSpinWait();
            }
        }
    }

    URI proxy() {
        return URI.create("http://127.0.0.1:" + proxyPort + "/mcp");
    }

    /** As nginx names it in {@code X-Replica}. */
    String address(int index) {
        return "127.0.0.1:" + ports[index];
    }

    /** What all of them have written. */
    String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                all.append(file.getFileName()).append(":\n");
                try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    lines.lines().forEach(line -> all.append(line).append('\n'));
                }
            }
        }
        return all.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : started.reversed()) {
            // The parent first: nginx would replace a worker that has died.
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
