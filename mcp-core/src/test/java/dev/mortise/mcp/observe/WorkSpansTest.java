package dev.mortise.mcp.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.Resilience;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.ObservedDataSource;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What a tool waits for has spans inside that of its call, also where a policy moved the tool to another thread. */
class WorkSpansTest {
    private final RecordedSpans spans = new RecordedSpans(Sampler.alwaysOn());
    private final ServerTracing tracing = ServerTracing.to(spans.registry());

    record Nothing() {}

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        spans.close();
    }

    private Database database() {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + folder.resolve("a.db"));
        return Database.of(ObservedDataSource.of(file, tracing.work()));
    }

    /** Answers each script with nothing, or not at all. */
    private Redis redis(boolean up) {
        return Redis.observed(
                new Redis() {
                    @Override
                    public List<byte[]> eval(Script script, List<byte[]> keys, List<byte[]> arguments) {
                        if (!up) {
                            throw new StoreUnavailable("no answer for secret-key", new IllegalStateException());
                        }
                        return List.of();
                    }

                    @Override
                    public void publish(byte[] channel, byte[] message) {}

                    @Override
                    public Subscription subscribe(byte[] channel, Subscriber subscriber) {
                        return () -> {};
                    }
                },
                tracing.work());
    }

    @Test
    void whatAToolWaitsForIsInsideItsCall() {
        Redis redis = redis(true);
        try (Database database = database();
                McpServer server = McpServer.builder("test", "1")
                        .plugin(tracing)
                        .plugin(Resilience.builder()
                                .tools(
                                        "*",
                                        Protection.builder()
                                                .timeout(Duration.ofSeconds(20))
                                                .build())
                                .build())
                        .tool(Tool.named("count").input(Nothing.class).handle((in, call) -> {
                            redis.eval(
                                    Script.of("return {}"), List.of("k".getBytes(StandardCharsets.UTF_8)), List.of());
                            return "found " + database.read("Counting", c -> Sql.number(c, "SELECT 42"));
                        }))
                        .plugin(tracing.handlerSpans())
                        .build();
                McpClient client = McpClient.inMemory(server).connect()) {
            CallToolResult result = client.callTool("count", Map.of());
            assertThat(result.content().toString()).contains("found 42");
        }
        SpanData call = spans.named("tools/call count");
        SpanData handler = spans.named("handler tools/call");
        SpanData sql = spans.named("sqlite Counting");
        SpanData script = spans.named("redis script");
        assertThat(handler.getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(sql.getParentSpanId()).isEqualTo(handler.getSpanId());
        assertThat(script.getParentSpanId()).isEqualTo(handler.getSpanId());
        assertThat(RecordedSpans.attribute(sql, "db.system.name")).isEqualTo("sqlite");
        assertThat(RecordedSpans.attribute(script, "db.system.name")).isEqualTo("redis");
    }

    @Test
    void workThatIsOfNoCallBeginsNoTrace() {
        try (Database database = database()) {
            assertThat(database.<Long>read("Counting", c -> Sql.number(c, "SELECT 42")))
                    .isEqualTo(42);
        }
        assertThat(spans.finished()).isEmpty();
    }

    @Test
    void whatFailsSaysSoWithoutItsMessage() {
        Redis redis = redis(false);
        io.micrometer.observation.Observation.createNotStarted("outer", spans.registry())
                .observe(() -> assertThatThrownBy(() -> redis.eval(Script.of("return {}"), List.of(), List.of()))
                        .isInstanceOf(StoreUnavailable.class));
        SpanData failed = spans.named("redis script");
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.toString()).contains("StoreUnavailable").doesNotContain("secret-key");
    }

    @Test
    void aDataSourceIsLikeAnyToOthers() throws Exception {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + folder.resolve("b.db"));
        var observed = ObservedDataSource.of(file, WorkObserver.NONE);
        assertThat(observed.unwrap(SQLiteDataSource.class)).isSameAs(file);
        assertThat(observed.isWrapperFor(WorkObserver.class)).isTrue();
        assertThat(observed.isWrapperFor(String.class)).isFalse();
        try (var connection = observed.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }
}
