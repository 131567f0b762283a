package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SubscriptionFilter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Replies that are streams, and the stream that stands alone. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyStreamsTest extends LegacyHttpServer {
    @Test
    void answerWhatTheServerAsksMeanwhile() throws Exception {
        try (ScriptedServer server = server(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.message(
                                "{'jsonrpc':'2.0','id':'q1','method':'elicitation/create','params':{'message':'?',"
                                        + "'requestedSchema':{'type':'object','properties':{'n':{'type':'integer','default':7}}}}}");
                        events.message("{'jsonrpc':'2.0','id':'q2','method':'roots/list'}");
                        events.message("{'jsonrpc':'2.0','id':'q3','method':'ping'}");
                        events.message("{'jsonrpc':'2.0','id':'q4','method':'sampling/createMessage','params':{}}");
                        for (int i = 0; i < 4; i++) {
                            responses.take();
                        }
                        events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}");
                    }
                });
                McpClient client = client(server)
                        .onElicitation(form -> ElicitResult.accept(Json.object()))
                        .roots(Root.of("file:///work"))
                        .connect()) {
            client.callTool("x", Map.of());
            Map<String, JsonNode> answers = server.requests().stream()
                    .filter(request -> request.body().path("id").asString("").startsWith("q"))
                    .collect(Collectors.toMap(
                            request -> request.body().path("id").stringValue(), ScriptedServer.Request::body));
            assertThat(answers.get("q1").at("/result/content/n").intValue()).isEqualTo(7);
            assertThat(answers.get("q2").at("/result/roots/0/uri").stringValue())
                    .isEqualTo("file:///work");
            assertThat(answers.get("q3").path("result")).isEmpty();
            assertThat(answers.get("q4").at("/error/code").intValue()).isEqualTo(-32601);
            assertThat(server.requests("initialize").getFirst().params().path("capabilities"))
                    .isEqualTo(ScriptedServer.json("{'elicitation':{'form':{}},'roots':{}}"));
        }
    }

    @Test
    void goOnWhereAStreamBrokeOff() throws Exception {
        AtomicReference<JsonNode> id = new AtomicReference<>();
        try (ScriptedServer server = server(request -> {
                    id.set(request.body().path("id"));
                    try (ScriptedServer.Events events = request.events()) {
                        events.raw("id: e7\nretry: 10\ndata:\n\n");
                    }
                });
                McpClient client = client(server).connect()) {
            resumed = request -> {
                try (ScriptedServer.Events events = request.events()) {
                    events.message("{'jsonrpc':'2.0','id':" + id.get() + ",'result':{'content':[]}}");
                }
            };
            assertThat(client.callTool("x", Map.of()).content()).isEmpty();
            assertThat(server.requests().stream().map(request -> request.header("Last-Event-ID")))
                    .contains("e7");
        }
    }

    @Test
    void doNotGoOnForEver() throws Exception {
        try (ScriptedServer server = server(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.raw("id: e7\nretry: 1\ndata:\n\n");
                    }
                });
                McpClient client = client(server).connect()) {
            resumed = request -> {
                try (ScriptedServer.Events events = request.events()) {
                    events.raw("id: e7\nretry: 1\ndata:\n\n");
                }
            };
            assertThatThrownBy(() -> client.callTool("x", Map.of()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("before the answer");
        }
    }

    @Test
    void readBatches() throws Exception {
        try (ScriptedServer server = server(request -> request.json(
                        200,
                        "[{'jsonrpc':'2.0','method':'notifications/tools/list_changed'},"
                                + "{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}]"));
                McpClient client = client(server).connect()) {
            assertThat(client.callTool("x", Map.of()).content()).isEmpty();
        }
    }

    @Test
    void hearOfChanges() throws Exception {
        BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
        try (ScriptedServer server = server(request -> request.result("{}"));
                McpClient client = client(server).connect()) {
            SubscriptionFilter filter = SubscriptionFilter.builder()
                    .promptsListChanged(true)
                    .resourceSubscriptions(List.of("a:b"))
                    .build();
            try (Subscription subscription = client.listen(filter, changes::add)) {
                assertThat(server.requests("resources/subscribe")).hasSize(1);
                pushed.add("{'jsonrpc':'2.0','method':'notifications/tools/list_changed'}");
                pushed.add("{'jsonrpc':'2.0','method':'notifications/prompts/list_changed'}");
                pushed.add("{'jsonrpc':'2.0','method':'notifications/resources/updated','params':{'uri':'a:b'}}");
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Prompts());
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource("a:b"));

                // After a gap whatever may have been missed is reported, and single resources are subscribed to again.
                accepted = "session-2";
                client.ping();
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Prompts());
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource("a:b"));
                assertThat(server.requests("resources/subscribe")).hasSize(2);
                assertThat(subscription.isLive()).isTrue();
            }
            assertThat(server.requests("resources/unsubscribe")).hasSize(1);
        }
    }
}
