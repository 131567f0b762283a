package dev.mortise.mcp.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is answered in place of a tool, and when. */
@Timeout(60)
class FallbackTest extends ProtectedServer {
    @Test
    void fallsBackWhereTheToolFailsIsLateOrItsBreakerIsOpen() {
        TestClient client = client(
                Protection.builder()
                        .timeout(Duration.ofSeconds(1))
                        .breaker(Breaker.after(2, 2))
                        .fallback(call ->
                                "yesterday's " + call.params().path("name").stringValue()),
                tool("broken").handle((in, call) -> {
                    throw new IOException("reset");
                }),
                tool("slow").handle((in, call) -> {
                    new CountDownLatch(1).await();
                    return "";
                }));
        for (int i = 0; i < 4; i++) {
            assertThat(client.text("broken", "{}")).isEqualTo("yesterday's broken");
        }
        assertThat(seen.events).hasSize(1);
        passAfterOneWaits(Duration.ofSeconds(1));
        assertThat(client.text("slow", "{}")).isEqualTo("yesterday's slow");
    }

    record Hits(List<String> names) {}

    @Test
    void aTextFromTheFallbackOfAToolWithAnOutputSchemaIsNoResultOfIt() {
        TestClient client = client(
                Protection.builder().fallback(Fallback.value("Search rests")),
                Tool.named("search").input(Nothing.class).output(Hits.class).handle((in, call) -> {
                    throw new IOException("reset");
                }));
        var result = client.call("search", "{}").result();
        assertThat(result.path("isError").booleanValue()).isTrue();
        assertThat(result.at("/content/0/text").stringValue()).isEqualTo("Search rests");
        assertThat(result.has("structuredContent")).isFalse();
    }

    @Test
    void toolsOfAComponentThatIsDownAreRefusedOrFallBackUntilItJoins() {
        AtomicBoolean up = new AtomicBoolean();
        Startup startup = Startup.builder()
                .ticker(time)
                .retry(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 0))
                .component(Component.named("search-index")
                        .optional()
                        .serves("search_*")
                        .start(() -> {
                            if (!up.get()) {
                                throw new IOException("locked");
                            }
                        })
                        .build())
                .build();
        startup.start();
        Resilience resilience = resilience()
                .startup(startup)
                .tools(
                        "suggest",
                        Protection.builder()
                                .needs("search-index")
                                .fallback(Fallback.value("no suggestions today"))
                                .build())
                .build();
        McpServer server = server(
                        resilience,
                        tool("search_docs").handle((in, call) -> "found"),
                        tool("suggest").handle((in, call) -> "a suggestion"),
                        tool("add").handle((in, call) -> "3"))
                .build();
        TestClient client = TestClient.of(server);

        Received refused = client.call("search_docs", "{}");
        assertThat(refused.reply().status()).isEqualTo(503);
        assertThat(refused.error().message()).isEqualTo("search-index is unavailable");
        assertThat(client.text("suggest", "{}")).isEqualTo("no suggestions today");
        assertThat(client.text("add", "{}")).isEqualTo("3");

        up.set(true);
        time.awaitWaiting(1);
        time.pass(Duration.ofSeconds(1));
        Eventually.holds(() -> startup.isRunning("search-index"));
        assertThat(client.text("search_docs", "{}")).isEqualTo("found");
        assertThat(client.text("suggest", "{}")).isEqualTo("a suggestion");

        server.close();
        assertThat(startup.isRunning("search-index")).isFalse();
    }

    @Test
    void aHandlerThatLetsAGuardsRefusalPassIsRefusedWithTheReason() {
        Guard rates = Guard.of(
                "rates", Protection.builder().breaker(Breaker.after(1, 1)).build(), time);
        TestClient client = TestClient.of(server(
                        resilience().guard(rates).build(),
                        tool("convert")
                                .handle((in, call) -> rates.call(() -> {
                                    throw new IOException("reset");
                                })),
                        tool("guess").handle((in, call) -> {
                            try {
                                return rates.call(() -> "exactly");
                            } catch (Unavailable e) {
                                return "about";
                            }
                        }))
                .build());
        client.call("convert", "{}");
        Received refused = client.call("convert", "{}");
        assertThat(refused.reply().status()).isEqualTo(503);
        assertThat(refused.error().message()).isEqualTo("rates is unavailable");
        assertThat(client.text("guess", "{}")).isEqualTo("about");
    }

    @Test
    void aValueFromAFallbackThatDoesNotFitTheOutputSchemaIsGivenToNobody() {
        TestClient client = client(
                Protection.builder().fallback(Fallback.value(Map.of("names", 3))),
                Tool.named("search").input(Nothing.class).output(Hits.class).handle((in, call) -> {
                    throw new IOException("reset");
                }));
        var result = client.call("search", "{}").result();
        assertThat(result.path("isError").booleanValue()).isTrue();
        assertThat(result.at("/content/0/text").stringValue()).startsWith("The tool search failed unexpectedly");
        assertThat(result.has("structuredContent")).isFalse();
    }

    @Test
    void aValueThatFitsIsAResultOfTheTool() {
        TestClient client = client(
                Protection.builder().fallback(Fallback.value(new Hits(List.of("yesterday's")))),
                Tool.named("search").input(Nothing.class).output(Hits.class).handle((in, call) -> {
                    throw new IOException("reset");
                }));
        var result = client.call("search", "{}").result();
        assertThat(result.at("/structuredContent/names/0").stringValue()).isEqualTo("yesterday's");
        assertThat(result.path("isError").booleanValue(false)).isFalse();
    }
}
