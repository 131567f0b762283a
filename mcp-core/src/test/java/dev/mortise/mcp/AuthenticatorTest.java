package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.mcp.transport.Received;
import dev.mortise.mcp.transport.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static final Tool WHO =
            Tool.named("who").handle((in, call) -> call.caller().toString());

    @Test
    void theCallerReachesTheHandler() {
        McpServer server = McpServer.builder("test", "1")
                .tool(WHO)
                .authenticator(origin -> Authenticator.admit(Caller.of("ann").withTenant("acme")))
                .build();
        assertThat(TestClient.of(server).text("who", "{}")).isEqualTo("acme/ann");
    }

    @Test
    void withoutOneTheStarterOfTheProcessIsLocal() {
        McpServer server = McpServer.builder("test", "1").tool(WHO).build();
        assertThat(TestClient.of(server).text("who", "{}")).isEqualTo("local");
    }

    @Test
    void oneThatFailsRefuses() {
        McpServer server = McpServer.builder("test", "1")
                .tool(WHO)
                .authenticator(origin -> {
                    throw new IllegalStateException("key server down at 10.0.0.7");
                })
                .build();
        Received received = TestClient.of(server).call("who", "{}");
        assertThat(received.error().code()).isEqualTo(-32603);
        assertThat(received.response().toString()).doesNotContain("10.0.0.7");
    }

    @Test
    void aRefusalIsDecidedOnTheHeadBeforeTheBodyIsRead() {
        McpServer server = McpServer.builder("test", "1")
                .tool(WHO)
                .authenticator(origin -> Authenticator.reject(
                        new Refusal.Unauthenticated("Sign in first", List.of("Bearer realm=\"mcp\""))))
                .build();
        AtomicReference<Reply> replied = new AtomicReference<>();

        server.handle(new Exchange() {
            @Override
            public Origin origin() {
                return new LocalProcess();
            }

            @Override
            public Optional<byte[]> receive() {
                throw new AssertionError("the body was read before the caller was known");
            }

            @Override
            public void offer(Message.Notification notification) {}

            @Override
            public void deliver(Message.Notification notification) {}

            @Override
            public void reply(Reply reply) {
                replied.set(reply);
            }

            @Override
            public void onGone(Runnable action) {}
        });

        assertThat(replied.get().status()).isEqualTo(401);
        assertThat(replied.get().headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"mcp\"");
    }
}
