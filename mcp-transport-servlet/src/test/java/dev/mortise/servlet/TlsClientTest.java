package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.HttpEndpoint;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.Tool;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client over TLS, with a certificate that only its user trusts: HTTP/2, one connection for many calls. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsClientTest {
    private static final String PASSWORD = "changeit";

    record Add(int a, int b) {}

    @TempDir
    private Path folder;

    private final Set<String> protocols = ConcurrentHashMap.newKeySet();
    private final Set<Integer> peers = ConcurrentHashMap.newKeySet();
    private final McpServer mcp = McpServer.builder("secure", "1.0")
            .tool(Tool.of("add", "Adds", Add.class, in -> String.valueOf(in.a() + in.b())))
            .build();
    private final Server jetty = new Server();
    private KeyStore keys;
    private int port;

    @BeforeEach
    void start() throws Exception {
        keys = selfSigned();
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(keys);
        tls.setKeyStorePassword(PASSWORD);
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        ServerConnector connector = new ServerConnector(
                jetty,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(http),
                new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        Filter watching = (request, response, chain) -> {
            protocols.add(request.getProtocol());
            peers.add(request.getRemotePort());
            chain.doFilter(request, response);
        };
        FilterHolder filter = new FilterHolder(watching);
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServletContainerInitializer((classes, servletContext) -> McpServlet.mount(
                servletContext,
                StreamableHttp.of(mcp::handle, HttpOptions.builder().build()),
                "/mcp"));
        jetty.setHandler(context);
        jetty.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void stop() throws Exception {
        mcp.close();
        jetty.stop();
    }

    /** Made by the tool of the platform, which has no API for it. */
    private KeyStore selfSigned() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-ext",
                        "BC=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private HttpClient trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ours", keys.getCertificate("server"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private URI uri() {
        return URI.create("https://localhost:" + port + "/mcp");
    }

    @Test
    void callsGoOverOneConnection() throws Exception {
        try (HttpClient http = trusting();
                McpClient client =
                        McpClient.to(HttpEndpoint.of(uri()).httpClient(http)).connect()) {
            assertThat(client.server().version().wire()).isEqualTo("2026-07-28");
            List<CompletableFuture<CallToolResult>> calls = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> client.callTool("add", new Add(i, 1)), task -> Thread.startVirtualThread(task)))
                    .toList();
            for (int i = 0; i < calls.size(); i++) {
                CallToolResult sum = calls.get(i).get(60, TimeUnit.SECONDS);
                assertThat(((TextContent) sum.content().getFirst()).text()).isEqualTo(String.valueOf(i + 1));
            }
            assertThat(protocols).containsExactly("HTTP/2.0");
            assertThat(peers).hasSize(1);
        }
    }

    @Test
    void nobodyElseTrustsTheCertificate() {
        assertThatThrownBy(() -> McpClient.http(uri()).connect())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("certificat");
        assertThat(protocols).isEmpty();
    }

    /** A certificate is for a name, whoever signed it. */
    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        try (HttpClient http = trusting()) {
            URI other = URI.create(uri().toString().replace("localhost", "127.0.0.1"));
            assertThatThrownBy(() -> McpClient.to(HttpEndpoint.of(other).httpClient(http))
                            .connect())
                    .isInstanceOf(TransportException.class);
            assertThat(protocols).isEmpty();
        }
    }
}
