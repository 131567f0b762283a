package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisExecProvider;

/** The same jar with a real PostgreSQL and a real Redis: two processes, one service. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReplicasTest {
    @TempDir
    Path home;

    @Test
    void whatOneReplicaIsToldTheOtherKnows() throws Exception {
        int redisPort = freePort();
        Process redis = new ProcessBuilder(
                        RedisExecProvider.defaultProvider().get().toString(),
                        "--port",
                        Integer.toString(redisPort),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("redis.log").toFile())
                .start();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Map<String, String> settings = Map.of(
                    "DATABASE_URL",
                    "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/postgres",
                    "REDIS_URL",
                    "redis://127.0.0.1:" + redisPort,
                    "MORTISE_SECRET",
                    "k3Q9vZpL0wXyT7uRb2NfEo8sHc5JmA1d",
                    "MORTISE_RESOURCE",
                    "http://127.0.0.1:4321/mcp");
            Path one = Files.createDirectory(home.resolve("one"));
            Path two = Files.createDirectory(home.resolve("two"));
            Service.Ended made = Service.run(one, settings, "keys", "create", "--subject", "ops", "--admin");
            assertThat(made.status()).as(made.err()).isZero();
            String key = made.out().strip().replaceFirst(".*: ", "");
            try (Service first = Service.start(one, settings);
                    Service second = Service.start(two, settings);
                    McpClient here = first.client(key);
                    McpClient there = second.client(key)) {
                call(here, "remember", Map.of("text", "The gate code is 4711"));
                assertThat(call(there, "recall", Map.of("about", "gate"))
                                .path("total")
                                .intValue())
                        .isEqualTo(1);
                call(here, "ingest_document", Map.of("document", "gate", "text", "The gate closes at nine."));
                assertThat(call(there, "search_knowledge", Map.of("query", "when does the gate close"))
                                .at("/hits/0/document")
                                .stringValue())
                        .isEqualTo("gate");
                assertThat(call(there, "my_quota", Map.of()).path("account").stringValue())
                        .isEqualTo("~house");
                assertThat(call(there, "verify_audit", Map.of()).path("clean").booleanValue())
                        .isTrue();
                assertThat(call(there, "server_health", Map.of()).toString()).contains("\"redis\"");
            }
            assertThat(one.resolve("data"))
                    .as("nothing is kept beside the databases")
                    .doesNotExist();
        } finally {
            redis.destroyForcibly();
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
