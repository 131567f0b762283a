package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.call.Wording;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A module of somebody else's, through the one door that there is. */
class PluginTest {
    private static final Attribute<Long> WEIGHT = Attribute.of("test.weight", Long.class);

    /** Counts what calls weigh, and shows the sum in a tool, in a route and in the capabilities. */
    private static final class Scales implements McpServer.Plugin {
        private final AtomicLong sum = new AtomicLong();

        @Override
        public void install(McpServerBuilder builder) {
            builder.intercept(Stage.METER, (call, chain) -> {
                        sum.addAndGet(call.get(WEIGHT).orElse(0L));
                        return chain.proceed(call);
                    })
                    .tool(Tool.named("weighed").handle((in, call) -> sum.get()))
                    .route(HttpRoute.get("/weighed", request -> HttpRoute.Response.text(200, "" + sum.get())))
                    .extension("com.example/scales", Json.object().put("unit", "kg"));
        }
    }

    @Test
    void aPluginInstallsWhatItBringsThroughTheBuilder() {
        McpServer server = McpServer.builder("test", "1")
                .plugin(new Scales())
                .tool(Tool.named("heavy").with(WEIGHT, 40L).handle((in, call) -> "done"))
                .tool(Tool.named("light").with(WEIGHT, 2L).handle((in, call) -> "done"))
                .build();
        TestClient client = TestClient.of(server);

        client.call("heavy", "{}");
        client.call("light", "{}");

        assertThat(client.text("weighed", "{}")).isEqualTo("42");
        assertThat(server.routes()).extracting(HttpRoute::path).containsExactly("/weighed");
        assertThat(client.result("server/discover", "{}")
                        .path("capabilities")
                        .path("extensions")
                        .path("com.example/scales"))
                .isEqualTo(TestClient.json("{'unit':'kg'}"));
    }

    @Test
    void aPluginSpeaksTheLanguageThatItsHostSetsLater() {
        McpServer.Plugin greeting = builder -> builder.worded(wording -> builder.tool(Tool.named("greet")
                .description(wording.language().of("Says hello", "打招呼"))
                .handle((in, call) -> "done")));
        assertThat(McpServer.builder("test", "1")
                        .plugin(greeting)
                        .wording(Wording.chinese())
                        .build()
                        .tools()
                        .all())
                .extracting(tool -> tool.definition().description())
                .containsExactly("打招呼");
    }

    @Test
    void aHandlerKnowsTheExtensionsOfItsClient() {
        McpServer server = McpServer.builder("test", "1")
                .tool(Tool.named("ui")
                        .handle((in, call) ->
                                call.context().capabilities().supportsExtension("io.modelcontextprotocol/ui")))
                .build();
        Received with = TestClient.of(server)
                .withCapabilities("{'extensions':{'io.modelcontextprotocol/ui':{}}}")
                .call("ui", "{}");
        assertThat(with.result().at("/content/0/text").stringValue()).isEqualTo("true");
        assertThat(TestClient.of(server).text("ui", "{}")).isEqualTo("false");
    }
}
