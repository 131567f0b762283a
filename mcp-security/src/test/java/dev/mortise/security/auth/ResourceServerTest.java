package dev.mortise.security.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.token.ClientAuthentication;
import dev.mortise.security.token.FakeIssuer;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.Proof;
import dev.mortise.security.token.TokenExchange;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, and what is beyond it, through Jetty and a real key set. */
class ResourceServerTest extends ResourceServerContract {
    record Nothing() {}

    private static final KeyPair KEY = Jose.rsa();
    private final Clock clock = Clock.systemUTC();
    private final FakeIssuer issuer = new FakeIssuer();
    private final Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();
    private volatile boolean auditDown;
    private JettyEndpoint jetty;
    private Tokens tokens;

    @BeforeEach
    void start() throws Exception {
        issuer.publish("k1", KEY);
        jetty = new JettyEndpoint(this::server);
        tokens = new Tokens(issuer.id(), jetty.uri().toString(), clock, "k1", KEY);
    }

    @AfterEach
    void stop() throws Exception {
        jetty.close();
        issuer.close();
    }

    private McpServer server(URI uri) {
        ProtectedResource resource = new ProtectedResource(uri);
        SenderConstraints constraints = SenderConstraints.none()
                .dpop(DpopProofs.builder()
                        .nonces(new byte[32], Duration.ofMinutes(5))
                        .build());
        TokenExchange exchange = TokenExchange.builder(
                        issuer.url("/token"), ClientAuthentication.basic(FakeIssuer.CLIENT, () -> FakeIssuer.SECRET))
                .build();
        JwtVerifier jwts = JwtVerifier.builder(ProtectedResources.of(resource))
                .issuer(TokenIssuer.of(issuer.id(), KeySource.jwks(issuer.url("/jwks"))))
                .constraints(constraints)
                .build();
        BearerAuthenticator authenticator = BearerAuthenticator.builder(
                        ResourceMetadata.of(uri.toString(), issuer.id(), "files:read")
                                .named("Files"))
                .verifier(exchange.keeping(jwts))
                .constraints(constraints)
                .audit(event -> {
                    if (auditDown) {
                        throw new AuditUnavailable("full", new IllegalStateException());
                    }
                    events.add(event);
                })
                .build();
        return McpServer.builder("test", "1")
                .tool(Tool.of("read", "Reads", Nothing.class, in -> "read"))
                .tool(Tool.of("destroy", "Destroys", Nothing.class, in -> "gone"))
                .intercept(Stage.AUTHORIZE, (call, chain) -> {
                    if (call.target().name().equals("destroy")) {
                        Set<String> scopes = Set.copyOf(guardedScopes());
                        return new Outcome.Refused(
                                new Refusal.MissingScope(scopes, resource.insufficientScope(scopes)));
                    }
                    return chain.proceed(call);
                })
                .plugin(authenticator)
                .build();
    }

    @Override
    protected URI endpoint() {
        return jetty.uri();
    }

    @Override
    protected String goodToken() {
        return tokens.good();
    }

    @Override
    protected String token(Flaw flaw) {
        long now = clock.instant().getEpochSecond();
        return switch (flaw) {
            case EXPIRED -> tokens.with(claims -> claims.put("exp", now - 1));
            case NOT_YET_VALID -> tokens.with(claims -> claims.put("nbf", now + 120));
            case OTHER_AUDIENCE -> tokens.with(claims -> claims.put("aud", "https://other.example/mcp"));
            case NO_AUDIENCE -> tokens.with(claims -> claims.remove("aud"));
            case OTHER_ISSUER -> tokens.with(claims -> claims.put("iss", "https://other.example"));
            case OTHER_KEY -> new Tokens(issuer.id(), endpoint().toString(), clock, "k1", Jose.rsa()).good();
            case NO_SIGNATURE ->
                Jose.base64("{'typ':'at+jwt','alg':'none'}") + "." + Jose.base64(Tokens.text(tokens.claims())) + ".";
            case ID_TOKEN -> tokens.headed("{'typ':'JWT','alg':'RS256','kid':'KID'}");
            case GARBAGE -> "garbage";
        };
    }

    @Override
    protected String guardedTool() {
        return "destroy";
    }

    @Override
    protected List<String> guardedScopes() {
        return List.of("files:write", "files:delete");
    }

    private HttpResponse<String> listed(String scheme, String token, String proof) throws Exception {
        HttpRequest.Builder request = listing().header("Authorization", scheme + " " + token);
        return send(proof == null ? request : request.header("DPoP", proof));
    }

    @Test
    void aClientFindsItsWayThroughNoncesAndProofs() throws Exception {
        Proof client = Proof.of(endpoint().toString(), clock);
        String bound = tokens.with(claims -> claims.putObject("cnf").put("jkt", client.thumbprint()));
        HttpResponse<String> first = listed("DPoP", bound, client.good(bound));
        assertThat(first.statusCode()).isEqualTo(401);
        assertThat(first.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("DPoP error=\"use_dpop_nonce\"")
                .contains("algs=\"");
        String nonce = first.headers().firstValue("DPoP-Nonce").orElseThrow();
        String proof = client.with(bound, claims -> claims.put("nonce", nonce));
        assertThat(listed("DPoP", bound, proof).statusCode()).isEqualTo(200);
        HttpResponse<String> replayed = listed("DPoP", bound, proof);
        assertThat(replayed.statusCode()).isEqualTo(401);
        assertThat(parameter(replayed, "error")).contains("invalid_dpop_proof");
        HttpResponse<String> stolen = listed("Bearer", bound, null);
        assertThat(stolen.statusCode()).isEqualTo(401);
        assertThat(stolen.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer error=\"invalid_token\"")
                .contains("DPoP ");
    }

    @Test
    void aTokenThatIsTooLongIsRefusedUnread() throws Exception {
        // Jetty's own limit on heads is 8 KiB.
        HttpResponse<String> response = listed("Bearer", "a".repeat(10_000), null);
        assertThat(response.statusCode()).isIn(401, 431);
    }

    @Test
    void anIssuerThatDoesNotAnswerIsNoFaultOfTheToken() throws Exception {
        issuer.close();
        HttpResponse<String> response = listed("Bearer", goodToken(), null);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(events).last().satisfies(event -> assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.FAILED));
    }

    @Test
    void bothOutcomesAreTakenDownAndNeverTheToken() throws Exception {
        String good = goodToken();
        listed("Bearer", good, null);
        listed("Bearer", good, null);
        String expired = token(Flaw.EXPIRED);
        listed("Bearer", expired, null);
        send(listing());
        assertThat(events)
                .extracting(AuditEvent::outcome)
                .containsExactly(AuditEvent.Outcome.ALLOWED, AuditEvent.Outcome.DENIED, AuditEvent.Outcome.CHALLENGED);
        assertThat(events).extracting(AuditEvent::reason).containsExactly(null, "expired", "no-credential");
        assertThat(events).extracting(AuditEvent::credential).containsExactly("token-1", "token-1", null);
        assertThat(events.toString()).doesNotContain(good).doesNotContain(expired);
    }

    @Test
    void nobodyIsAdmittedUnrecorded() throws Exception {
        auditDown = true;
        HttpResponse<String> response = listed("Bearer", goodToken(), null);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).doesNotContain("\"tools\"");
        assertThat(send(listing()).statusCode()).as("a refusal stays one").isEqualTo(401);
    }
}
