package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.ElicitAction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that the user has to visit before a call can be answered (error -32042 of 2025-11-25). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyPagesTest extends LegacyHttpServer {
    @Test
    void haveTheUserVisitAPageAndCallAgain() throws Exception {
        BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = server(request -> {
                    if (calls.incrementAndGet() <= 2) {
                        demandAPage(request);
                    } else {
                        request.result("{'content':[{'type':'text','text':'connected'}]}");
                    }
                });
                McpClient client = client(server)
                        .onUrlElicitation(page -> {
                            shown.add(page.url());
                            pushed.add("{'jsonrpc':'2.0','method':'notifications/elicitation/complete',"
                                    + "'params':{'elicitationId':'e-1'}}");
                            return ElicitAction.ACCEPT;
                        })
                        .connect()) {
            assertThat(client.callTool("x", Map.of()).content()).hasSize(1);
            assertThat(shown).as("asked once only").containsExactly("https://example.com/connect?e-1");
            assertThat(server.requests("tools/call")).hasSize(3);
        }
    }

    @Test
    void sayWhichPagesTheUserHasToVisit() throws Exception {
        try (ScriptedServer server = server(LegacyPagesTest::demandAPage);
                McpClient bare = client(server).connect();
                McpClient unwilling = client(server)
                        .onUrlElicitation(page -> ElicitAction.DECLINE)
                        .connect()) {
            for (String session : List.of("session-1", "session-2")) {
                accepted = session;
                McpClient client = session.equals("session-1") ? bare : unwilling;
                assertThatThrownBy(() -> client.callTool("x", Map.of()))
                        .isInstanceOfSatisfying(
                                UrlElicitationRequiredException.class,
                                e -> assertThat(e.pages())
                                        .singleElement()
                                        .satisfies(page ->
                                                assertThat(page.url()).isEqualTo("https://example.com/connect?e-1")));
            }
            assertThat(server.requests("tools/call")).hasSize(2);
        }
    }

    @Test
    void doNotVisitPagesForEver() throws Exception {
        try (ScriptedServer server = server(LegacyPagesTest::demandAPage);
                McpClient client = client(server)
                        .maxRounds(2)
                        .onUrlElicitation(page -> ElicitAction.ACCEPT)
                        .connect()) {
            CallOptions soon = CallOptions.DEFAULT.timeout(Duration.ofMillis(500));
            assertThatThrownBy(() -> client.callTool("x", Map.of(), soon))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("after 2 rounds");
            assertThat(server.requests("tools/call")).hasSize(3);
        }
    }

    private static void demandAPage(ScriptedServer.Request request) throws IOException {
        request.json(
                200,
                "{'jsonrpc':'2.0','id':ID,'error':{'code':-32042,'message':'Connect first','data':{'elicitations':"
                        + "[{'mode':'url','elicitationId':'e-1','message':'Connect','url':"
                        + "'https://example.com/connect?e-1'}]}}}");
    }
}
