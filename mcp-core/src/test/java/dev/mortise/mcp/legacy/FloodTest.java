package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** 100,000 clients that say hello and are never heard of again. */
class FloodTest {
    private static final int FLOOD = 100_000;
    private static final long MOST_BYTES = 24L * 1024 * 1024;

    private final McpServer server = McpServer.builder("legacy", "1.0")
            .tool(Tool.named("hello").description("Greets").handle((in, call) -> "Hello"))
            .build();

    /** One message, without a thread of its own. */
    private static final class Hello implements Exchange {
        private final Origin origin;
        private final byte[] message;
        private @Nullable Reply reply;

        Hello(Origin origin, byte[] message) {
            this.origin = origin;
            this.message = message;
        }

        @Override
        public Origin origin() {
            return origin;
        }

        @Override
        public Optional<byte[]> receive() {
            return Optional.of(message);
        }

        @Override
        public void offer(Message.Notification notification) {}

        @Override
        public void deliver(Message.Notification notification) {}

        @Override
        public void reply(Reply given) {
            reply = given;
        }

        @Override
        public void onGone(Runnable action) {}
    }

    @Test
    void memoryStaysBoundedAndOldSessionsGoOn() {
        LegacyClient old = LegacyClient.of(server).from("198.51.100.1").begin("2025-11-25", "{}");
        byte[] hello = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                        + LegacyClient.hello("2025-11-25", "{'elicitation':{}}") + "}")
                .getBytes(StandardCharsets.UTF_8);
        flood(hello, 2_000);
        long before = usedBytes();
        flood(hello, FLOOD);
        long after = usedBytes();

        assertThat(after - before).isLessThan(MOST_BYTES);
        assertThat(old.text("hello", "{}")).isEqualTo("Hello");
        // Who begins in the middle of it and goes on at once has a session, too.
        LegacyClient late = LegacyClient.of(server).from("198.51.100.2").begin("2025-11-25", "{}");
        flood(hello, 2_000);
        assertThat(late.text("hello", "{}")).isEqualTo("Hello");
    }

    /** From many addresses: a flood from one would only displace itself. */
    private void flood(byte[] hello, int count) {
        for (int i = 0; i < count; i++) {
            Hello exchange = new Hello(Head.of("POST").from("203.0." + i / 256 % 256 + "." + i % 256), hello);
            server.handle(exchange);
            assertThat(exchange.reply).isNotNull();
            assertThat(exchange.reply.status()).isEqualTo(200);
        }
    }

    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }
}
