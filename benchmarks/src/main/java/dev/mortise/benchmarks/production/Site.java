package dev.mortise.benchmarks.production;

import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kit for one machine without containers: nginx, two replicas, PostgreSQL, Redis, each a process of its own. */
final class Site implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What a JVM sees in a container of the kit: one processor, and 1 GiB, of which the image gives so much to the heap. */
    private static final List<String> FLAGS =
            List.of("-Xms307m", "-Xmx614m", "-XX:ActiveProcessorCount=1", "--add-modules", "jdk.incubator.vector");

    private static final String ALONE = "alone";
    private static final Pattern KEY = Pattern.compile("shown this once: (\\S+)");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final Path root;
    private final TestPostgres postgres;
    private final TestRedis redis;
    private final int proxyPort = freePort();
    private final int[] ports = {freePort(), freePort()};
    private final Process[] replicas = new Process[2];
    private final Map<String, String> settings = new HashMap<>();
    private final Process nginx;

    /**
     * Starts all of it.
     *
     * @param root of the repository, where the server is built
     */
    Site(Path root, Path directory) throws Exception {
        this.root = root;
        this.directory = directory;
        try {
            postgres = opened(TestPostgres.startSyncing());
            redis = opened(TestRedis.start());
            settings.put("DATABASE_URL", "postgresql://postgres:postgres@127.0.0.1:" + postgres.port() + "/postgres");
            settings.put("DATABASE_PREPARED_STATEMENTS", "true");
            settings.put("REDIS_URL", redis.uri().toString());
            settings.put("MORTISE_SECRET", "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d");
            settings.put("MORTISE_RESOURCE", resource());
            settings.put("MORTISE_PROXIES", "127.0.0.1");
            settings.put("MORTISE_LOG", "WARN");
            settings.put("JWT_ISSUER", Users.ISSUER);
            settings.put("JWT_TENANT_CLAIM", "tenant");
            settings.put("MORTISE_DEFAULT_PLAN", "enterprise");
            settings.put("CALLS_PER_MINUTE", "1000000");
            settings.put("REQUESTS_PER_MINUTE", "1000000");
            settings.put(
                    "MORTISE_PLANS",
                    Files.writeString(directory.resolve("plans.json"), "[" + Bill.PLAN + "]")
                            .toString());
            signWith(ProductionLoad.SECRET);
            opened(new SmallDisk(Files.createDirectory(dataOf(1))));
            startReplica(0);
            startReplica(1);
            nginx = startNginx();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.push(one);
        return one;
    }

    String resource() {
        return "https://localhost/mcp";
    }

    /** Replicas that are started from now on know tokens by this. */
    void signWith(String secret) {
        settings.put("JWT_SECRET_KEY", secret);
        settings.remove("JWT_SECRET_KEY_PREVIOUS");
    }

    /** Replicas that are started from now on know tokens by either of these. */
    void signWith(String secret, String previous) {
        settings.put("JWT_SECRET_KEY", secret);
        settings.put("JWT_SECRET_KEY_PREVIOUS", previous);
    }

    void set(String name, String value) {
        settings.put(name, value);
    }

    TestPostgres postgres() {
        return postgres;
    }

    TestRedis redis() {
        return redis;
    }

    int proxyPort() {
        return proxyPort;
    }

    int replicaPort(int index) {
        return ports[index];
    }

    Process replica(int index) {
        return replicas[index];
    }

    /** Returns when it is ready. */
    void startReplica(int index) throws Exception {
        Process process = command("replica-" + index, Map.of("PORT", Integer.toString(ports[index])), "serve");
        replicas[index] = process;
        opened.push(() -> end(process));
        awaitReady(index);
    }

    /**
     * A server without any of it, on a small disk of its own; returns when it is ready.
     *
     * @return its port
     */
    int startAlone() throws Exception {
        opened(new SmallDisk(Files.createDirectories(dataOfAlone())));
        int port = freePort();
        Process process =
                command(ALONE, Map.of("PORT", Integer.toString(port), "DATABASE_URL", "", "REDIS_URL", ""), "serve");
        opened.push(() -> end(process));
        await("the server of one process is ready", () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("It has ended:\n" + log(ALONE));
            }
            return status(URI.create("http://127.0.0.1:" + port + "/health/ready")) == 200;
        });
        return port;
    }

    Path dataOfAlone() {
        return data(ALONE);
    }

    void awaitReady(int index) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + ports[index] + "/health/ready");
        await("replica " + index + " is ready", () -> {
            if (!replicas[index].isAlive()) {
                throw new IllegalStateException("It has ended:\n" + log("replica-" + index));
            }
            return status(ready) == 200;
        });
    }

    /** Something that is so at some time. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("Not within " + PATIENCE + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private int status(URI url) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(url)
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    String get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A command of the server's jar to its end; gives what it ends with. */
    int run(String... arguments) throws Exception {
        Process process = command("command-" + String.join("-", arguments), Map.of(), arguments);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            end(process);
            throw new IllegalStateException("It does not end: " + String.join(" ", arguments));
        }
        return process.exitValue();
    }

    /** Of an administrator of all tenants. */
    String administratorKey() throws Exception {
        String[] arguments = {"keys", "create", "--subject", "bookkeeper", "--admin"};
        int status = run(arguments);
        String said = log("command-" + String.join("-", arguments));
        Matcher key = KEY.matcher(said);
        if (status != 0 || !key.find()) {
            throw new IllegalStateException("No key was made:\n" + said);
        }
        return key.group(1);
    }

    private Process command(String log, Map<String, String> more, String... arguments) throws IOException {
        Path jar = root.resolve("examples/production-server/target/production-server.jar");
        if (!Files.exists(jar)) {
            throw new IOException(jar + " is missing: mvn -pl examples/production-server -am package -DskipTests");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(log + ".log").toFile()));
        builder.environment().clear();
        builder.environment()
                .put("MORTISE_DATA", directory.resolve(log + "-data").toString());
        builder.environment().putAll(settings);
        builder.environment().putAll(more);
        return builder.start();
    }

    private Path data(String process) {
        return directory.resolve(process + "-data");
    }

    /** Where that replica keeps what is its own. */
    Path dataOf(int index) {
        return data("replica-" + index);
    }

    /** The configuration of the kit without TLS, which would cost the generator as much as nginx. */
    private Process startNginx() throws Exception {
        String config = Files.readString(root.resolve("examples/production-server/deploy/compose/nginx/nginx.conf"))
                .replace("172.30.42.11:4321", "127.0.0.1:" + ports[0])
                .replace("172.30.42.12:4321", "127.0.0.1:" + ports[1])
                .replace("listen 8080", "listen 127.0.0.1:" + freePort())
                .replace("listen 8443 ssl http2", "listen 127.0.0.1:" + proxyPort)
                .replaceAll("(?m)^ *ssl_.*;$", "")
                .replace("/dev/stderr", "stderr")
                .replace("/tmp/", directory + "/");
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        Path file = Files.writeString(directory.resolve("nginx.conf"), user + "daemon off;\n" + config);
        Process process = new ProcessBuilder("nginx", "-p", directory.toString(), "-e", "stderr", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile())
                .start();
        opened.push(() -> {
            List<ProcessHandle> workers = process.descendants().toList();
            end(process);
            workers.forEach(ProcessHandle::destroyForcibly);
        });
        URI ready = URI.create("http://127.0.0.1:" + proxyPort + "/health/ready");
        await("nginx answers", () -> status(ready) == 200);
        lookOut(ready);
        return process;
    }

    /** Four times a second, as the check of the kit's nginx does: that is how nginx learns which replica is leaving. */
    private void lookOut(URI ready) {
        CountDownLatch over = new CountDownLatch(1);
        Thread looking = Thread.ofVirtual().start(() -> {
            try {
                while (!over.await(250, TimeUnit.MILLISECONDS)) {
                    status(ready);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        opened.push(() -> {
            over.countDown();
            looking.join();
        });
    }

    void reloadNginx() throws Exception {
        new ProcessBuilder("kill", "-HUP", Long.toString(nginx.pid())).start().waitFor();
    }

    /** Time on the processors until now, in seconds, by process. */
    Map<String, Double> cpu() throws SQLException {
        Map<String, Double> used = new LinkedHashMap<>();
        used.put("generator", seconds(ProcessHandle.current()));
        used.put("nginx", family(nginx.toHandle()));
        used.put("replica 1", seconds(replicas[0].toHandle()));
        used.put("replica 2", seconds(replicas[1].toHandle()));
        used.put("PostgreSQL", postmaster().map(Site::family).orElse(0.0));
        used.put(
                "Redis",
                ProcessHandle.current()
                        .children()
                        .filter(child -> child.info().command().orElse("").contains("redis"))
                        .mapToDouble(Site::seconds)
                        .sum());
        return used;
    }

    private Optional<ProcessHandle> postmaster() throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return ProcessHandle.of(row.getLong(1)).flatMap(ProcessHandle::parent);
        }
    }

    /** All of its processes; returns when they are gone, which one that waits for its disk takes a while for. */
    void killPostgres() throws Exception {
        ProcessHandle parent = postmaster().orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(parent), parent.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        await("PostgreSQL has died", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static double family(ProcessHandle parent) {
        return Stream.concat(Stream.of(parent), parent.descendants())
                .mapToDouble(Site::seconds)
                .sum();
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    String log(String name) throws IOException {
        return Files.readString(directory.resolve(name + ".log"), StandardCharsets.UTF_8);
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(20, TimeUnit.SECONDS);
    }

    /** Ends all that was started, the last first. */
    @Override
    public void close() throws IOException {
        http.close();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                throw new IOException("Something does not end", e);
            }
        }
    }
}
