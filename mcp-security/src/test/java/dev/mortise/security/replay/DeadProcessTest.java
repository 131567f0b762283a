package dev.mortise.security.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.limit.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** A server is killed while it carries a call out; another one is asked for the same. */
@Timeout(90)
class DeadProcessTest {
    private static final String KEY = "{'dev.mortise/idempotencyKey':'3f0b'}";

    @TempDir
    Path directory;

    /** The server that will be killed: its tool leaves a trace, and does not end. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        wire(database(directory), directory, new CountDownLatch(1)).call("pay", "{}", KEY);
    }

    private static Database database(Path directory) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("calls.db"));
        return Database.of(dataSource);
    }

    private static Wire wire(Database database, Path directory, CountDownLatch end) {
        return Wire.to(McpServer.builder("test", "1")
                .plugin(IdempotentCalls.in(JdbcReplayStore.migrate(database))
                        .lease(Duration.ofSeconds(1))
                        .patience(Duration.ofSeconds(8))
                        .build())
                .tool(Tool.named("pay").handle((in, call) -> {
                    Files.writeString(
                            directory.resolve("paid"), "paid\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    end.await();
                    return "receipt";
                }))
                .build());
    }

    @Test
    void whatItBeganIsUnknownAndNotCarriedOutAgain() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DeadProcessTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            Eventually.holds("it has begun", () -> {
                Path paid = directory.resolve("paid");
                // It is there for a moment before its line is.
                return Files.exists(paid) && Files.readAllLines(paid).size() == 1;
            });
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (Database database = database(directory)) {
            Received repeated = wire(database, directory, new CountDownLatch(0)).call("pay", "{}", KEY);
            assertThat(repeated.reply().status()).isEqualTo(409);
            assertThat(Objects.requireNonNull(repeated.error().data())
                            .path("reason")
                            .stringValue())
                    .isEqualTo(IdempotentCalls.UNKNOWN);
            assertThat(Files.readAllLines(directory.resolve("paid"))).hasSize(1);
        }
    }
}
