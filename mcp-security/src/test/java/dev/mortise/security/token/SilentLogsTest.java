package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Authenticator.Admission;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.DpopProofs;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.auth.SenderConstraints;
import dev.mortise.security.key.KeyLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process writes with all logging on, while it refuses, admits, and fails in every way that authentication can: no
 * credential is in it, not even a telling part of one. It is a process of its own, because levels of logging are for all of
 * one.
 */
class SilentLogsTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";

    @TempDir
    Path directory;

    @Test
    @Timeout(120)
    void noCredentialIsInAnyLogOrException() throws Exception {
        Path secrets = directory.resolve("secrets");
        Path written = directory.resolve("written");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SilentLogsTest.class.getName(),
                        secrets.toString())
                .redirectErrorStream(true)
                .redirectOutput(written.toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(written);
        assertThat(process.exitValue()).as(text).isZero();
        assertThat(text)
                .contains("Refused: wrong-signature")
                .contains("Refused: wrong-secret")
                .contains("Refused: malformed")
                .contains("Refused: bound")
                .contains("Refused: dpop-malformed")
                .contains("The authorization server is unavailable")
                .contains("Introspection answers with 401")
                .contains("A refusal was not taken down")
                .contains("the store broke")
                .contains("TokenExchangeException")
                .contains("admitted ada");
        List<String> all = Files.readAllLines(secrets);
        assertThat(all).hasSizeGreaterThan(15);
        for (String secret : all) {
            assertThat(secret.length()).isGreaterThan(7);
            assertThat(text).doesNotContain(secret);
        }
    }

    public static void main(String[] args) throws Exception {
        try (FakeIssuer issuer = new FakeIssuer()) {
            SilentLogsTest.Scenario scenario = new SilentLogsTest.Scenario(issuer);
            scenario.run();
            Files.write(Path.of(args[0]), scenario.secrets);
        }
    }

    private static final class Scenario {
        final List<String> secrets = new ArrayList<>();
        private final FakeIssuer issuer;
        private final KeyPair pair = Jose.rsa();
        private final ProtectedResources resources = ProtectedResources.of(ProtectedResource.of(ENDPOINT));
        private final Security security = Security.in(Environment.TEST)
                .authenticatorOf(keys -> origin -> {
                    throw new AssertionError("not asked");
                })
                .build();
        private final ClientAuthentication client =
                ClientAuthentication.basic(FakeIssuer.CLIENT, () -> FakeIssuer.SECRET);

        Scenario(FakeIssuer issuer) {
            this.issuer = issuer;
            issuer.publish("k1", pair);
            secret(FakeIssuer.SECRET);
        }

        /** It, and what stands of it in a field or in a form. */
        private String secret(String value) {
            secrets.add(value);
            secrets.add(Base64.getEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
            for (String part : value.split("[._]")) {
                if (part.length() > 15) {
                    secrets.add(part);
                }
            }
            return value;
        }

        void run() {
            String id = issuer.id();
            Tokens tokens = new Tokens(id, ENDPOINT, Clock.systemUTC(), "k1", pair);
            SenderConstraints constraints =
                    SenderConstraints.none().dpop(DpopProofs.builder().build());
            JwtVerifier jwts = JwtVerifier.builder(resources)
                    .issuer(TokenIssuer.of(id, KeySource.jwks(issuer.url("/jwks"))))
                    .constraints(constraints)
                    .build();
            IntrospectionVerifier asking = IntrospectionVerifier.builder(
                            resources, id, issuer.url("/introspect"), client)
                    .build();
            IntrospectionVerifier stranger = IntrospectionVerifier.builder(
                            resources,
                            id,
                            issuer.url("/introspect"),
                            ClientAuthentication.basic(FakeIssuer.CLIENT, () -> secret("another-client-secret")))
                    .build();
            TokenExchange exchange =
                    TokenExchange.builder(issuer.url("/token"), client).build();
            BearerAuthenticator whole = with(security.keys(), exchange.keeping(jwts), asking);
            String good = secret(tokens.good());
            Caller ada = send(whole, "Bearer", good);
            String other = new Tokens(id, ENDPOINT, Clock.systemUTC(), "k1", Jose.rsa()).good();
            send(whole, "Bearer", secret(other));
            send(whole, "Bearer", secret("eyJhbGciOiJSUzI1NiJ9.bm90LWEtand0LWJ1dC1zZWNyZXQ.c2lnbmF0dXJl"));
            send(whole, "Basic", secret("dXNlcjpwYXNzd29yZC1vZi11c2Vy"));
            send(whole, "Bearer", secret("two secret-words-in-one"));
            send(whole, "Bearer", secret("opaque-token-of-nobody"));
            String bound = tokens.with(claims -> claims.set("cnf", Json.object().put("jkt", "x".repeat(43))));
            send(whole, "Bearer", secret(bound));
            send(
                    whole,
                    TestHead.of(ENDPOINT)
                            .with("Authorization", "DPoP " + bound)
                            .with("DPoP", secret("no-proof-but-confidential")));
            keys(whole);
            exchange(exchange, ada);
            failing(jwts, stranger, tokens);
        }

        private void keys(BearerAuthenticator whole) {
            String key = secret(
                    security.keys().issue("ada", null, "", KeyLimits.BASIC).secret());
            send(whole, "Bearer", key);
            String id = key.split("_")[2];
            String wrong = key.substring(0, key.lastIndexOf('_') - 4) + "zzzz";
            send(whole, "Bearer", secret(wrong + "_" + checksum(wrong)));
            send(whole, "Bearer", key.substring(1));
            security.keys().revoke(id);
            send(whole, "Bearer", key);
        }

        /** As the documentation of keys has it: CRC-32 in base62. */
        private static String checksum(String body) {
            CRC32 crc = new CRC32();
            crc.update(body.getBytes(StandardCharsets.US_ASCII));
            String digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
            StringBuilder text = new StringBuilder();
            for (long left = crc.getValue(); text.length() < 6; left /= 62) {
                text.insert(0, digits.charAt((int) (left % 62)));
            }
            return text.toString();
        }

        private void exchange(TokenExchange exchange, Caller ada) {
            TokenExchange.Target target = TokenExchange.Target.of("https://api.example");
            String downstream = secret("downstream-token-confidential");
            for (int status : new int[] {200, 400, 500}) {
                issuer.exchangeStatus = status;
                issuer.exchangeAnswer =
                        Json.object().put("access_token", downstream).put("error", downstream);
                attempt(() -> exchange.tokenFor(ada, target));
            }
            issuer.down = true;
            attempt(() -> exchange.tokenFor(ada, target));
            issuer.down = false;
        }

        private void failing(JwtVerifier jwts, IntrospectionVerifier stranger, Tokens tokens) {
            send(with(stranger), "Bearer", secret("opaque-token-of-a-stranger"));
            issuer.down = true;
            JwtVerifier cold = JwtVerifier.builder(resources)
                    .issuer(TokenIssuer.of(issuer.id(), KeySource.jwks(issuer.url("/jwks"))))
                    .build();
            String good = secret(tokens.with(claims -> claims.put("jti", "token-2")));
            send(with(cold), "Bearer", good);
            send(
                    with(presented -> {
                        throw new StoreUnavailable("the store broke");
                    }),
                    "Bearer",
                    good);
            send(
                    with(presented -> {
                        throw new IllegalStateException("something of " + presented);
                    }),
                    "Bearer",
                    good);
            BearerAuthenticator unrecorded = builder()
                    .verifier(jwts)
                    .audit(event -> {
                        System.out.println(event);
                        throw new AuditUnavailable("no room");
                    })
                    .build();
            send(unrecorded, "Bearer", good);
            send(unrecorded, "Bearer", secret("eyJhbGciOiJub25lIn0.e30x-confidential.c2lnbmF0dXJl"));
        }

        private static BearerAuthenticator.Builder builder() {
            return BearerAuthenticator.builder(ResourceMetadata.of(ENDPOINT, "https://as.example", "basic"));
        }

        private static BearerAuthenticator with(CredentialVerifier... verifiers) {
            BearerAuthenticator.Builder builder = builder().audit(System.out::println);
            for (CredentialVerifier verifier : verifiers) {
                builder.verifier(verifier);
            }
            return builder.build();
        }

        private static Caller send(BearerAuthenticator authenticator, String scheme, String credential) {
            return send(authenticator, TestHead.of(ENDPOINT).with("Authorization", scheme + " " + credential));
        }

        private static Caller send(BearerAuthenticator authenticator, TestHead head) {
            try {
                Admission admission = authenticator.authenticate(head);
                System.out.println(admission);
                if (admission instanceof Admission.Admitted admitted) {
                    Caller caller = admitted.caller();
                    System.out.println("admitted " + caller + " " + caller.get(Credential.ATTRIBUTE));
                    return caller;
                }
            } catch (RuntimeException e) {
                e.printStackTrace();
            }
            return Caller.anonymous();
        }

        private static void attempt(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException e) {
                e.printStackTrace();
            }
        }
    }
}
