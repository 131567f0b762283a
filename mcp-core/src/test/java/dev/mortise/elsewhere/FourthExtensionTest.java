package dev.mortise.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An extension by somebody else: written outside the library's packages, on nothing but what it exports. */
class FourthExtensionTest {
    private static final String ID = "com.example/rates";
    private static final String ABLE = "{'extensions':{'com.example/rates':{}}}";

    /** Exchange rates: a method to set one, a topic to hear of it, results that are quotes, a unit on tools. */
    static final class Rates implements McpServer.Plugin, ServerCompanion, ListenTopic {
        static final Attribute<String> CURRENCY = Attribute.of("com.example.currency", String.class);

        public record SetRate(String currency, double rate) {
            public SetRate {
                if (rate <= 0) {
                    throw new IllegalArgumentException("rate must be more than nothing");
                }
            }
        }

        private final Map<String, Double> rates = new ConcurrentHashMap<>();
        private volatile RunningServer server;
        private volatile boolean stopped;

        @Override
        public void install(McpServerBuilder builder) {
            builder.extension(ID, Json.object().put("base", "EUR"))
                    .method(ServerMethod.named("rates/set", SetRate.class)
                            .requires(ID)
                            .about((caller, params) ->
                                    Target.of(Target.Kind.RESOURCE, "rate:" + params.currency(), Attributes.NONE))
                            .handle((params, call) -> {
                                rates.put(params.currency(), params.rate());
                                server.events().publish(new ServerEvent.TopicChanged(name(), params.currency()));
                                return new Outcome.Complete(ExtensionResult.empty());
                            }))
                    .topic(this)
                    .definitionMeta((entry, meta) -> entry.get(CURRENCY)
                            .map(currency -> meta.with("com.example/currency", currency))
                            .orElse(meta))
                    .intercept(Stage.EXTEND, (call, chain) -> {
                        Outcome outcome = chain.proceed(call);
                        return call.get(CURRENCY).isPresent() && outcome instanceof Outcome.Complete
                                ? new Outcome.Extended(
                                        ID,
                                        ExtensionResult.of(Json.object()
                                                        .put(
                                                                "rate",
                                                                rates.get(call.get(CURRENCY)
                                                                        .get())))
                                                .withResultType("quote"))
                                : outcome;
                    })
                    .companion(this);
        }

        @Override
        public String name() {
            return "rates";
        }

        @Override
        public Wish open(Call call, JsonNode wish) {
            return wish.isString()
                    ? new Wish.Honoured(Set.of(wish.stringValue()), wish, false)
                    : new Wish.Refused(Refusal.InvalidParams.of("rates must be a currency"));
        }

        @Override
        public Optional<Message.Notification> tell(Call call, String key) {
            ObjectNode params = Json.object().put("currency", key).put("rate", rates.get(key));
            return Optional.of(Message.Notification.of("notifications/rates", params));
        }

        @Override
        public void start(RunningServer running) {
            server = running;
        }

        @Override
        public void stop(Duration grace) {
            stopped = true;
        }
    }

    private final Rates rates = new Rates();
    private final McpServer server = McpServer.builder("test", "1")
            .plugin(rates)
            .policy((caller, target) -> target.name().contains("XXX") ? Decision.DENY : Decision.ALLOW)
            .tool(Tool.named("price").with(Rates.CURRENCY, "USD").handle((in, call) -> "in dollars"))
            .tool(Tool.named("plain").handle((in, call) -> "plain"))
            .build();
    private final TestClient able = TestClient.of(server).withCapabilities(ABLE);

    @Test
    void itsMethodHasTypedParamsAndIsHeldToThePolicy() {
        assertThat(able.result("rates/set", "{'currency':'USD','rate':1.1}")
                        .path("resultType")
                        .stringValue())
                .isEqualTo("complete");
        assertThat(able.send("rates/set", "{'currency':'USD','rate':-1}")
                        .error()
                        .message())
                .isEqualTo("rate must be more than nothing");
        var unfit = able.send("rates/set", "{'currency':{},'rate':1}").error();
        assertThat(unfit.code()).isEqualTo(-32602);
        assertThat(unfit.message()).doesNotContain("Rates");
        assertThat(able.send("rates/set", "{'currency':'XXX','rate':1}").error().code())
                .isEqualTo(-32602);
        assertThat(rates.rates).containsOnlyKeys("USD");
    }

    @Test
    void whoDidNotDeclareItIsToldSo() {
        var refused = TestClient.of(server).send("rates/set", "{'currency':'USD','rate':1.1}");
        assertThat(refused.error().code()).isEqualTo(-32021);
        assertThat(refused.error().data())
                .isEqualTo(TestClient.json("{'requiredCapabilities':{'extensions':{'com.example/rates':{}}}}"));
        // The extension forgot to look at what the client declares; the server does not.
        assertThat(TestClient.of(server).call("price", "{}").error().code()).isEqualTo(-32021);
    }

    @Test
    void itsResultsHaveAKindOfTheirOwn() {
        able.send("rates/set", "{'currency':'USD','rate':1.1}");
        JsonNode quote = able.call("price", "{}").result();
        assertThat(quote.path("resultType").stringValue()).isEqualTo("quote");
        assertThat(quote.path("rate").doubleValue()).isEqualTo(1.1);
        assertThat(quote.path("_meta").has("io.modelcontextprotocol/serverInfo"))
                .isTrue();
        assertThat(able.text("plain", "{}")).isEqualTo("plain");
    }

    @Test
    void itsTopicIsToldOnListenStreams() {
        try (Conversation listening =
                able.open("subscriptions/listen", "{'notifications':{'rates':'USD','toolsListChanged':true}}")) {
            assertThat(listening.next().params().path("notifications"))
                    .isEqualTo(TestClient.json("{'toolsListChanged':true,'rates':'USD'}"));
            able.send("rates/set", "{'currency':'GBP','rate':0.8}");
            able.send("rates/set", "{'currency':'USD','rate':1.2}");
            Message.Notification told = listening.next();
            assertThat(told.method()).isEqualTo("notifications/rates");
            assertThat(told.params().path("rate").doubleValue()).isEqualTo(1.2);
            assertThat(told.params().path("_meta").has("io.modelcontextprotocol/subscriptionId"))
                    .isTrue();
        }
        assertThat(able.send("subscriptions/listen", "{'notifications':{'rates':5}}")
                        .error()
                        .code())
                .isEqualTo(-32602);
    }

    @Test
    void whatItAddsToDefinitionsIsListed() {
        JsonNode tools = able.result("tools/list", "{}").path("tools");
        assertThat(tools.get(1).at("/_meta").path("com.example/currency").stringValue())
                .isEqualTo("USD");
        assertThat(tools.get(0).has("_meta")).isFalse();
    }

    @Test
    void itEndsWithTheServer() {
        server.close();
        assertThat(rates.stopped).isTrue();
    }

    @Test
    void itReplacesNoMethod() {
        ServerMethod<Rates.SetRate> method = ServerMethod.named("tools/call", Rates.SetRate.class)
                .handle((params, call) -> new Outcome.Complete(ExtensionResult.empty()));
        assertThatThrownBy(() -> McpServer.builder("test", "1")
                        .tool(Tool.named("a").handle((in, call) -> "a"))
                        .method(method)
                        .build())
                .hasMessageContaining("There is a method tools/call already");
    }
}
