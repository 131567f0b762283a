package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisExecProvider;
import tools.jackson.databind.JsonNode;

/** The kit for one machine without its containers: nginx with TLS, two replicas, PostgreSQL, Redis, all real. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BehindNginxTest {
    @TempDir
    Path home;

    private String key = "";

    /** All of it, running. */
    private record Site(
            HttpClient http,
            Nginx nginx,
            Path one,
            Path two,
            Service first,
            Service second,
            Map<String, String> settings,
            HttpServer page,
            CountDownLatch mayAnswer) {
        /** At the port where the second one was. */
        Service secondAgain() throws IOException {
            Map<String, String> same = new HashMap<>(settings);
            same.put("PORT", Integer.toString(second.url().getPort()));
            return Service.start(two, same);
        }
    }

    private interface Scene {
        void play(Site site) throws Exception;
    }

    @Test
    void clientsReachBothReplicasByTlsAndHearOfThingsWhenTheyHappen() throws Exception {
        play(site -> {
            answersByTlsAlone(site.http(), site.nginx());
            guardsSeeEveryPathThatLeadsPastThem(site.http(), site.nginx());
            progressArrivesBeforeTheResult(site.http(), site.nginx(), site.page(), site.mayAnswer());
            whoTheClientIs(site.http(), site.nginx(), site.one(), site.two(), site.first());
            oneReplicaIsEnough(site.http(), site.nginx(), site.first());
        });
    }

    /**
     * Connections that nginx keeps lead to it until the last moment, and what was sent into one is not sent again. And nginx
     * may still keep away from one that is back when the next one leaves.
     */
    @Test
    void nobodyNoticesThatReplicasLeaveOneAfterTheOther() throws Exception {
        play(site -> {
            AtomicBoolean left = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            Queue<String> failures = new ConcurrentLinkedQueue<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                // As the health check of its container does: so nginx learns who is leaving.
                clients.submit(() -> {
                    while (!left.get()) {
                        site.http()
                                .send(
                                        HttpRequest.newBuilder(site.nginx().secure("/health/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding());
                        TimeUnit.MILLISECONDS.sleep(250);
                    }
                    return null;
                });
                for (int i = 0; i < 4; i++) {
                    clients.submit(() -> {
                        while (!left.get()) {
                            HttpResponse<String> answer = site.http()
                                    .send(
                                            call(site.nginx().secure("/mcp"), "who_am_i", "{}"),
                                            HttpResponse.BodyHandlers.ofString());
                            if (answer.statusCode() != 200) {
                                failures.add(answer.statusCode() + " " + answer.body());
                            }
                            answered.incrementAndGet();
                        }
                        return null;
                    });
                }
                Service.within(Duration.ofSeconds(60), () -> answered.get() >= 40);
                try {
                    site.second().stop();
                    int before = answered.get();
                    Service.within(Duration.ofSeconds(60), () -> answered.get() >= before + 40);
                    try (Service again = site.secondAgain()) {
                        assertThat(again.url().getPort())
                                .isEqualTo(site.second().url().getPort());
                        site.first().stop();
                        int alone = answered.get();
                        Service.within(Duration.ofSeconds(60), () -> answered.get() >= alone + 40);
                        left.set(true);
                        clients.shutdown();
                        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS))
                                .isTrue();
                    }
                } finally {
                    left.set(true);
                }
            }
            assertThat(failures).isEmpty();
            assertThat(Files.readString(home.resolve("nginx.log"))).doesNotContain("no live upstreams");
        });
    }

    private void play(Scene scene) throws Exception {
        Path secrets = certificate();
        int redisPort = Nginx.freePort();
        int secure = Nginx.freePort();
        CountDownLatch mayAnswer = new CountDownLatch(1);
        HttpServer page = slowPage(mayAnswer);
        Process redis = redis(redisPort);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Map<String, String> settings = settings(postgres.getPort(), redisPort, secure, page);
            Path one = Files.createDirectory(home.resolve("one"));
            Path two = Files.createDirectory(home.resolve("two"));
            key = Service.run(one, settings, "keys", "create", "--subject", "ann", "--reach", "critical")
                    .out()
                    .strip()
                    .replaceFirst(".*: ", "");
            try (Service first = Service.start(one, settings);
                    Service second = Service.start(two, settings);
                    Nginx nginx = Nginx.start(
                            home,
                            secrets,
                            secure,
                            List.of(first.url().getPort(), second.url().getPort()));
                    HttpClient http = trusting(secrets.resolve("tls.crt"))) {
                scene.play(new Site(http, nginx, one, two, first, second, settings, page, mayAnswer));
            }
        } finally {
            mayAnswer.countDown();
            page.stop(0);
            redis.destroyForcibly();
        }
    }

    /** By the kit's own script. */
    private Path certificate() throws Exception {
        Path init = Files.copy(Path.of("deploy/compose/init"), home.resolve("init"));
        Process made = new ProcessBuilder("sh", init.toString(), "localhost")
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        return home.resolve("secrets");
    }

    private Process redis(int port) throws Exception {
        return new ProcessBuilder(
                        RedisExecProvider.defaultProvider().get().toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--appendonly",
                        "yes",
                        "--save",
                        "",
                        "--dir",
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("redis.log").toFile())
                .start();
    }

    private static Map<String, String> settings(int postgres, int redis, int secure, HttpServer page) {
        Map<String, String> settings = new HashMap<>();
        settings.put("DATABASE_URL", "postgresql://postgres:postgres@127.0.0.1:" + postgres + "/postgres");
        settings.put("REDIS_URL", "redis://127.0.0.1:" + redis);
        settings.put("MORTISE_SECRET", "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d");
        settings.put("MORTISE_RESOURCE", "https://localhost:" + secure + "/mcp");
        settings.put("MORTISE_PROXIES", "127.0.0.1");
        settings.put("MORTISE_LOG_FORMAT", "ECS");
        settings.put("CALLS_PER_MINUTE", "1000000");
        settings.put("REQUESTS_PER_MINUTE", "1000000");
        settings.put("MORTISE_FETCH_HOSTS", "127.0.0.1:" + page.getAddress().getPort());
        return settings;
    }

    private static HttpServer slowPage(CountDownLatch mayAnswer) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                mayAnswer.await();
                byte[] text = "The page at last.".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    private static HttpClient trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "nginx", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private HttpRequest call(URI url, String tool, String arguments, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "tools/call")
                .header("Mcp-Name", tool);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return request.POST(HttpRequest.BodyPublishers.ofString("""
                        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":%s,"_meta":{\
                        "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                        "io.modelcontextprotocol/clientCapabilities":{},"progressToken":"p"}}}""".formatted(tool, arguments)))
                .build();
    }

    private void answersByTlsAlone(HttpClient http, Nginx nginx) throws Exception {
        HttpResponse<String> answer =
                http.send(call(nginx.secure("/mcp"), "who_am_i", "{}"), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("ann");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThat(status(http, nginx.plain("/mcp"))).isEqualTo(308);
        assertThat(status(http, nginx.secure("/health/ready"))).isEqualTo(200);
        assertThat(status(http, nginx.secure("/metrics"))).isEqualTo(404);
        assertThat(status(http, nginx.secure("/.well-known/oauth-protected-resource/mcp")))
                .isEqualTo(200);
    }

    /** Operators are at 127.0.0.1, too: what is guarded is there for this test, and what is past the guard is not. */
    private static void guardsSeeEveryPathThatLeadsPastThem(HttpClient http, Nginx nginx) throws Exception {
        assertThat(status(http, nginx.secure("/console"))).isEqualTo(200);
        for (String path : List.of(
                "/console;x", "/admin;x/keys", "/metrics;x", "/metrics;", "/a/..;/console", "/a/..;/../console")) {
            assertThat(status(http, nginx.secure(path))).as(path).isEqualTo(404);
        }
        assertThat(status(http, nginx.secure("/console?a;b")))
                .as("a query is no path")
                .isEqualTo(200);
    }

    private static int status(HttpClient http, URI url) throws Exception {
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** The page is not handed out before the notice of its being fetched has come, which no buffer may keep. */
    private void progressArrivesBeforeTheResult(HttpClient http, Nginx nginx, HttpServer page, CountDownLatch mayAnswer)
            throws Exception {
        String url = "{\"url\":\"http://127.0.0.1:" + page.getAddress().getPort() + "/\"}";
        HttpResponse<Stream<String>> streaming =
                http.send(call(nginx.secure("/mcp"), "fetch_page", url), HttpResponse.BodyHandlers.ofLines());
        assertThat(streaming.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        try (Stream<String> lines = streaming.body()) {
            Iterator<JsonNode> messages = lines.filter(line -> line.startsWith("data: {"))
                    .map(line -> Json.parse(line.substring("data: ".length())))
                    .iterator();
            assertThat(messages.next().path("method").stringValue("")).isEqualTo("notifications/progress");
            mayAnswer.countDown();
            JsonNode last = messages.next();
            while (messages.hasNext()) {
                last = messages.next();
            }
            assertThat(last.path("result").toString()).contains("The page at last.");
        }
    }

    /** What clients say of their address does not count; what the proxy says does. */
    private void whoTheClientIs(HttpClient http, Nginx nginx, Path one, Path two, Service direct) throws Exception {
        http.send(
                call(nginx.secure("/mcp"), "who_am_i", "{}", "X-Forwarded-For", "203.0.113.66"),
                HttpResponse.BodyHandlers.ofString());
        URI here = URI.create(direct.url().toString().replace("localhost", "127.0.0.1"));
        http.send(
                call(here, "who_am_i", "{}", "X-Forwarded-For", "198.51.100.7"), HttpResponse.BodyHandlers.ofString());
        Service.within(Duration.ofSeconds(20), () -> addresses(one).contains("198.51.100.7"));
        assertThat(addresses(one))
                .doesNotContain("203.0.113.66")
                .containsOnlyElementsOf(List.of("127.0.0.1", "198.51.100.7"));
        assertThat(addresses(two)).as("both are asked").containsOnly("127.0.0.1");
    }

    /** Of the calls in the log, all lines of which are objects by the Elastic Common Schema. */
    private static List<String> addresses(Path replica) {
        try (Stream<String> lines = Files.lines(replica.resolve("stderr-serve"))) {
            return lines.filter(line -> line.endsWith("}"))
                    .map(Json::parse)
                    .peek(line -> assertThat(line.has("@timestamp")).isTrue())
                    .filter(line -> line.path("log.logger").stringValue("").equals("dev.mortise.mcp.calls"))
                    .map(line -> line.path("client.address").stringValue(""))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void oneReplicaIsEnough(HttpClient http, Nginx nginx, Service first) throws Exception {
        first.close();
        first.stop();
        for (int i = 0; i < 10; i++) {
            HttpResponse<String> answer =
                    http.send(call(nginx.secure("/mcp"), "who_am_i", "{}"), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }
}
