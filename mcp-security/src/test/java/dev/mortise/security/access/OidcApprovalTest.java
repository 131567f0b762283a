package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.servlet.McpServlet;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the call to the page, to the identity provider and back, with our own client and a browser. */
@Timeout(60)
class OidcApprovalTest {
    record Drop(String table) {}

    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([0-9a-f]+)\"");

    private final AtomicInteger ran = new AtomicInteger();
    private final Server jetty = new Server();
    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();
    private FakeProvider provider;
    private McpServer server;
    private Security security;
    private String base;

    @BeforeEach
    void start() throws Exception {
        provider = new FakeProvider();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.open();
        base = "http://127.0.0.1:" + connector.getLocalPort();
        jetty.addConnector(connector);
        security = Security.in(Environment.TEST)
                .authenticatorOf(TestAuthenticator::new)
                .approvalPage(
                        URI.create(base + "/approve"),
                        new OidcSignIn(provider.uri(), URI.create(base + "/signed-in"), "mortise"),
                        Duration.ofSeconds(20))
                .build();
        server = McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("drop")
                        .input(Drop.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .handle((in, call) -> "dropped " + in.table() + " " + ran.incrementAndGet()))
                .build();
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(
                (classes, servletContext) -> McpServlet.mount(servletContext, server, "/mcp"));
        jetty.setHandler(context);
        jetty.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        jetty.stop();
        provider.close();
        browser.shutdownNow();
    }

    private String page(URI url) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private int approve(URI url) throws IOException, InterruptedException {
        Matcher token = TOKEN.matcher(page(url));
        if (!token.find()) {
            return 404;
        }
        String form = url.getRawQuery() + "&decision=approve&token=" + token.group(1);
        return browser.send(
                        HttpRequest.newBuilder(URI.create(base + "/approve"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Origin", base)
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void theUserSignsInAndTheToolRunsOnce() throws Exception {
        KeyLimits limits = KeyLimits.BASIC.withReach(SecurityLevel.CRITICAL);
        String key = security.keys().issue("ann", "acme", "", limits).secret();
        AtomicReference<Integer> asEve = new AtomicReference<>();
        try (McpClient client = McpClient.http(URI.create(base + "/mcp"))
                .authorization(HttpAuthorization.bearer(() -> key))
                .onUrlElicitation(request -> {
                    URI url = URI.create(request.url());
                    // Somebody else gets hold of the address first.
                    provider.sits("eve");
                    asEve.set(approve(url));
                    browser.cookieHandler()
                            .map(CookieManager.class::cast)
                            .orElseThrow()
                            .getCookieStore()
                            .removeAll();
                    provider.sits("ann");
                    assertThat(approve(url)).isEqualTo(200);
                    return ElicitAction.ACCEPT;
                })
                .build()) {
            CallToolResult result = client.callTool("drop", Map.of("table", "a"));
            assertThat(result.content().toString()).contains("dropped a 1");
        }
        assertThat(asEve).hasValue(404);
        assertThat(ran).hasValue(1);
    }
}
