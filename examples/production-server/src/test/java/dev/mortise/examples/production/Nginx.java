package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real nginx with the configuration of the kit, in which only addresses and paths are others. */
final class Nginx implements AutoCloseable {
    private final Process process;
    private final int plain;
    private final int secure;

    private Nginx(Process process, int plain, int secure) {
        this.process = process;
        this.plain = plain;
        this.secure = secure;
    }

    /**
     * Starts it.
     *
     * @param secrets where a certificate and its key are
     * @param secure the port for TLS
     */
    static Nginx start(Path directory, Path secrets, int secure, List<Integer> replicas) throws Exception {
        String program = program();
        int plain = freePort();
        String config = Files.readString(Path.of("deploy/compose/nginx/nginx.conf"))
                // Before other paths come in that may be below it.
                .replace("/tmp/", directory + "/")
                .replace("172.30.42.11:4321", "127.0.0.1:" + replicas.get(0))
                .replace("172.30.42.12:4321", "127.0.0.1:" + replicas.get(1))
                .replace("listen 8080", "listen 127.0.0.1:" + plain)
                .replace("listen 8443", "listen 127.0.0.1:" + secure)
                .replace("/etc/nginx/tls", secrets.resolve("tls").toString())
                .replace("/dev/stderr", "stderr");
        // Its workers would otherwise be somebody who may not write here.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        Path file = Files.writeString(directory.resolve("nginx.conf"), user + "daemon off;\n" + config);
        List<String> command = List.of(program, "-p", directory.toString(), "-e", "stderr", "-c", file.toString());
        Process judge = new ProcessBuilder(
                        Stream.concat(command.stream(), Stream.of("-t")).toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(judge.waitFor()).as(said).isZero();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile())
                .start();
        Service.within(Duration.ofSeconds(20), () -> listens(secure));
        return new Nginx(process, plain, secure);
    }

    private static String program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> {
                    if ("1".equals(System.getenv("MORTISE_REQUIRE_NGINX"))) {
                        fail("nginx is not installed");
                    }
                    return abort("nginx is not installed");
                });
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    URI secure(String path) {
        return URI.create("https://localhost:" + secure + path);
    }

    URI plain(String path) {
        return URI.create("http://localhost:" + plain + path);
    }

    @Override
    public void close() throws InterruptedException {
        // The parent first: it would replace a worker that has died.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
