package dev.mortise.security.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.token.Certificates;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import dev.mortise.servlet.McpServlet;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is bound to the certificate of a TLS connection, through a real handshake (RFC 8705). */
class MutualTlsTest {
    private static final KeyPair KEY = Jose.rsa();
    private static final String ISSUER = "https://as.example";
    private static final String META = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

    record Nothing() {}

    @Test
    void aTokenIsOfNoUseWithoutItsCertificate(@TempDir Path directory) throws Exception {
        Certificates own = Certificates.create(directory.resolve("server.p12"));
        Certificates client = Certificates.create(directory.resolve("client.p12"));
        Certificates thief = Certificates.create(directory.resolve("thief.p12"));
        Server jetty = new Server();
        ServerConnector connector = secured(jetty, own, client, thief);
        try {
            connector.setHost("127.0.0.1");
            connector.open();
            jetty.addConnector(connector);
            String endpoint = "https://127.0.0.1:" + connector.getLocalPort() + "/mcp";
            ServletContextHandler context = new ServletContextHandler();
            context.addServletContainerInitializer((classes, container) ->
                    McpServlet.mount(container, server(endpoint), HttpOptions.defaults(), "/mcp"));
            jetty.setHandler(context);
            jetty.start();
            String thumbprint = Jose.base64(MessageDigest.getInstance("SHA-256")
                    .digest(client.certificate().getEncoded()));
            String token = new Tokens(ISSUER, endpoint, Clock.systemUTC(), "k1", KEY)
                    .with(claims -> claims.putObject("cnf").put("x5t#S256", thumbprint));
            int port = connector.getLocalPort();
            assertThat(status(port, own, client, token)).isEqualTo("200");
            assertThat(status(port, own, thief, token)).isEqualTo("401");
            assertThat(status(port, own, null, token)).isEqualTo("401");
        } finally {
            jetty.stop();
        }
    }

    private static McpServer server(String endpoint) {
        ResourceMetadata metadata = ResourceMetadata.of(endpoint, ISSUER);
        SenderConstraints constraints = SenderConstraints.none().certificates(ClientCertificates.ofConnection());
        return McpServer.builder("test", "1")
                .tool(Tool.of("read", "Reads", Nothing.class, in -> "read"))
                .plugin(BearerAuthenticator.builder(metadata)
                        .constraints(constraints)
                        .verifier(JwtVerifier.builder(ProtectedResources.of(metadata.resource()))
                                .issuer(TokenIssuer.of(ISSUER, KeySource.keys(Map.of("k1", KEY.getPublic()))))
                                .constraints(constraints)
                                .build())
                        .build())
                .build();
    }

    private static ServerConnector secured(Server jetty, Certificates own, Certificates... clients) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (Certificates each : clients) {
            trusted.setCertificateEntry("client" + trusted.size(), each.certificate());
        }
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(own.store());
        tls.setKeyStorePassword(Certificates.PASSWORD);
        tls.setTrustStore(trusted);
        tls.setWantClientAuth(true);
        HttpConfiguration configuration = new HttpConfiguration();
        SecureRequestCustomizer customizer = new SecureRequestCustomizer();
        customizer.setSniHostCheck(false);
        configuration.addCustomizer(customizer);
        return new ServerConnector(jetty, tls, new HttpConnectionFactory(configuration));
    }

    private static String status(int port, Certificates server, Certificates client, String token) throws Exception {
        KeyManager[] keys = null;
        if (client != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(client.store(), Certificates.PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, Certificates.trusting(server), new SecureRandom());
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{" + META + "}}";
        String request = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\nConnection: close\r\n"
                + "Authorization: Bearer " + token + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] start = socket.getInputStream().readNBytes(12);
            return new String(start, StandardCharsets.US_ASCII).substring(9);
        }
    }
}
