package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.auth.ClientCertificates;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.SenderConstraints;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are bound to a certificate (RFC 8705 section 3), of a connection or as a proxy passes it on. */
class ClientCertificatesTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String ISSUER = "https://as.example.com";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final KeyPair KEY = Jose.rsa();
    private static X509Certificate mine;
    private static X509Certificate other;

    private final TestClock clock = new TestClock();

    @BeforeAll
    static void certificates(@TempDir Path directory) throws Exception {
        mine = Certificates.create(directory.resolve("mine.p12")).certificate();
        other = Certificates.create(directory.resolve("other.p12")).certificate();
    }

    private String token() throws Exception {
        String thumbprint = Jose.base64(MessageDigest.getInstance("SHA-256").digest(mine.getEncoded()));
        return new Tokens(ISSUER, ENDPOINT, clock, "k1", KEY)
                .with(claims -> claims.putObject("cnf").put("x5t#S256", thumbprint));
    }

    private String verify(ClientCertificates certificates, TestHead head) throws Exception {
        Verdict verdict = JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.of(ISSUER, KeySource.keys(Map.of("k1", KEY.getPublic()))))
                .constraints(SenderConstraints.none().certificates(certificates))
                .clock(clock)
                .build()
                .verify(new Presented(head, "bearer", token()));
        return verdict instanceof Verdict.Invalid invalid ? invalid.reason() : "good";
    }

    private static TestHead head() {
        return TestHead.of(ENDPOINT);
    }

    private static String clientCert(X509Certificate certificate) throws Exception {
        return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
    }

    @Test
    void takesTheCertificateOfTheConnection() throws Exception {
        ClientCertificates own = ClientCertificates.ofConnection();
        assertThat(verify(own, head().presenting(mine))).isEqualTo("good");
        assertThat(verify(own, head().presenting(other))).isEqualTo("wrong-certificate");
        assertThat(verify(own, head())).isEqualTo("wrong-certificate");
    }

    @Test
    void doesNotBelieveAHeaderThatNobodyVouchesFor() throws Exception {
        TestHead forged = head().with("Client-Cert", clientCert(mine));
        assertThat(verify(ClientCertificates.ofConnection(), forged)).isEqualTo("wrong-certificate");
        ClientCertificates proxy =
                ClientCertificates.ofProxy(ClientCertificates.sharedSecret("X-Proxy-Secret", SECRET));
        assertThat(verify(proxy, forged)).isEqualTo("wrong-certificate");
        assertThat(verify(proxy, forged.with("X-Proxy-Secret", SECRET + "x"))).isEqualTo("wrong-certificate");
        assertThat(verify(proxy, forged.with("X-Proxy-Secret", SECRET).with("X-Proxy-Secret", SECRET)))
                .isEqualTo("wrong-certificate");
    }

    @Test
    void believesTheProxyThatIsTrusted() throws Exception {
        ClientCertificates proxy =
                ClientCertificates.ofProxy(ClientCertificates.sharedSecret("X-Proxy-Secret", SECRET));
        TestHead trusted = head().with("X-Proxy-Secret", SECRET);
        assertThat(verify(proxy, trusted.with("Client-Cert", clientCert(mine)))).isEqualTo("good");
        assertThat(verify(proxy, trusted.with("Client-Cert", clientCert(other))))
                .isEqualTo("wrong-certificate");
        assertThat(verify(proxy, trusted.with("Client-Cert", clientCert(mine)).with("Client-Cert", clientCert(mine))))
                .isEqualTo("wrong-certificate");
        for (String broken : new String[] {"", ":", "::", ":!!:", ":AAAA:", "x".repeat(20_000)}) {
            assertThat(verify(proxy, trusted.with("Client-Cert", broken))).isEqualTo("wrong-certificate");
        }
        assertThat(verify(proxy, trusted.presenting(mine)))
                .as("the proxy's own certificate is not the client's")
                .isEqualTo("wrong-certificate");
    }

    @Test
    void readsWhatNginxSends() throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(mine.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        String escaped = URLEncoder.encode(pem, StandardCharsets.UTF_8).replace("+", "%20");
        ClientCertificates proxy = ClientCertificates.ofProxyPem(
                "X-Client-Cert", ClientCertificates.sharedSecret("X-Proxy-Secret", SECRET));
        TestHead trusted = head().with("X-Proxy-Secret", SECRET);
        assertThat(verify(proxy, trusted.with("X-Client-Cert", escaped))).isEqualTo("good");
        assertThat(verify(proxy, trusted.with("X-Client-Cert", escaped.replace("%2B", "+"))))
                .isEqualTo("good");
        assertThat(verify(proxy, trusted.with("X-Client-Cert", "%zz"))).isEqualTo("wrong-certificate");
    }
}
