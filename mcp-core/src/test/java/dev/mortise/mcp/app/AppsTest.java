package dev.mortise.mcp.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.server.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AppsTest {
    private static final String HOST =
            "{'extensions':{'io.modelcontextprotocol/ui':{'mimeTypes':['text/html;profile=mcp-app']}}}";
    private static final String HTML = "<!DOCTYPE html><html><body>Weather</body></html>";

    private final View view = View.at("ui://weather/dashboard", "dashboard")
            .description("Shows the weather")
            .connectsTo("https://api.example.com", "wss://live.example.com:8443")
            .loadsFrom("https://*.example.net")
            .permissions(View.Permission.GEOLOCATION, View.Permission.CLIPBOARD_WRITE)
            .prefersBorder(true)
            .html(HTML);
    private final McpServer server = McpServer.builder("test", "1")
            .plugin(Apps.of(view))
            .tool(Tool.named("get_weather")
                    .with(Apps.VIEW, ToolView.of(view))
                    .handle((in, call) -> Apps.areShownBy(call.context()) ? "See the view" : "Sunny, 22 °C"))
            .tool(Tool.named("refresh").with(Apps.VIEW, ToolView.appOnly(view)).handle((in, call) -> "refreshed"))
            .tool(Tool.named("plain").handle((in, call) -> "plain"))
            .build();
    private final TestClient host = TestClient.of(server).withCapabilities(HOST);
    private final TestClient textOnly = TestClient.of(server);

    @Test
    void toolsNameTheirViews() {
        JsonNode tools = host.result("tools/list", "{}").path("tools");
        assertThat(tools).hasSize(3);
        assertThat(tools.get(0).at("/_meta/ui"))
                .isEqualTo(TestClient.json("{'resourceUri':'ui://weather/dashboard','visibility':['model','app']}"));
        assertThat(tools.get(1).has("_meta")).isFalse();
        assertThat(tools.get(2).at("/_meta/ui/visibility")).isEqualTo(TestClient.json("['app']"));
    }

    @Test
    void aHostWithoutViewsGetsTextAndNoToolThatIsForViewsOnly() {
        JsonNode list = textOnly.result("tools/list", "{}");
        assertThat(list.path("tools")).hasSize(2);
        assertThat(list.path("cacheScope").stringValue()).isEqualTo("private");
        assertThat(textOnly.text("get_weather", "{}")).isEqualTo("Sunny, 22 °C");
        assertThat(host.text("get_weather", "{}")).isEqualTo("See the view");
        TestClient otherTypes = TestClient.of(server)
                .withCapabilities("{'extensions':{'io.modelcontextprotocol/ui':{'mimeTypes':['text/uri-list']}}}");
        assertThat(otherTypes.text("get_weather", "{}")).isEqualTo("Sunny, 22 °C");
    }

    @Test
    void aViewIsReadWithWhatItNeeds() {
        JsonNode ui = TestClient.json("{'csp':{'connectDomains':['https://api.example.com',"
                + "'wss://live.example.com:8443'],'resourceDomains':['https://*.example.net']},"
                + "'permissions':{'geolocation':{},'clipboardWrite':{}},'prefersBorder':true}");
        JsonNode contents = host.result("resources/read", "{'uri':'ui://weather/dashboard'}")
                .at("/contents/0");
        assertThat(contents.path("mimeType").stringValue()).isEqualTo("text/html;profile=mcp-app");
        assertThat(contents.path("text").stringValue()).isEqualTo(HTML);
        assertThat(contents.at("/_meta/ui")).isEqualTo(ui);
        JsonNode listed = host.result("resources/list", "{}").at("/resources/0");
        assertThat(listed.path("mimeType").stringValue()).isEqualTo("text/html;profile=mcp-app");
        assertThat(listed.at("/_meta/ui")).isEqualTo(ui);
    }

    @Test
    void aViewMayBeAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("view.html"), HTML);
        McpServer other = McpServer.builder("test", "1")
                .plugin(Apps.of(View.at("ui://a", "a").file(file)))
                .build();
        JsonNode contents = TestClient.of(other)
                .result("resources/read", "{'uri':'ui://a'}")
                .at("/contents/0");
        assertThat(contents.path("text").stringValue()).isEqualTo(HTML);
        assertThat(contents.has("_meta")).isFalse();
    }

    @Test
    void theServerDeclaresTheExtension() {
        assertThat(host.result("server/discover", "{}").at("/capabilities/extensions"))
                .isEqualTo(TestClient.json("{'io.modelcontextprotocol/ui':{}}"));
    }

    @Test
    void mistakesAreFoundWhenAViewIsMade() {
        assertThatThrownBy(() -> View.at("https://x", "x")).hasMessageContaining("ui://");
        for (String wrong :
                new String[] {"example.com", "https://a b", "https://a; script-src *", "*", "https://a/path"}) {
            assertThatThrownBy(() -> View.at("ui://x", "x").connectsTo(wrong)).hasMessageContaining("An origin is");
        }
        assertThatThrownBy(() -> new ToolView(view, false, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
