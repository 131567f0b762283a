package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.SignatureAlgorithm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Every way in which a JWT can be wrong, one by one: the rest of each token is good. */
class JwtVerifierTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String ISSUER = "https://as.example.com";
    private static final KeyPair KEY = Jose.rsa();
    private static final ProtectedResources RESOURCES = ProtectedResources.of(ProtectedResource.of(ENDPOINT));

    private final TestClock clock = new TestClock();
    private final Tokens tokens = new Tokens(ISSUER, ENDPOINT, clock, "k1", KEY);
    private final JwtVerifier verifier = verifier(TokenIssuer.of(ISSUER, keys()));

    private static KeySource keys() {
        return KeySource.keys(Map.of("k1", KEY.getPublic()));
    }

    private JwtVerifier verifier(TokenIssuer issuer) {
        return JwtVerifier.builder(RESOURCES).issuer(issuer).clock(clock).build();
    }

    private static Verdict verify(JwtVerifier verifier, String token) {
        return verifier.verify(new Presented(TestHead.of(ENDPOINT), "bearer", token));
    }

    private static Caller caller(JwtVerifier verifier, String token) {
        Verdict verdict = verify(verifier, token);
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
        return ((Verdict.Verified) verdict).caller();
    }

    private void refused(String token, String reason) {
        refused(verifier, token, reason);
    }

    private static void refused(JwtVerifier verifier, String token, String reason) {
        // Twice: what was refused must not be remembered as good.
        for (int i = 0; i < 2; i++) {
            assertThat(verify(verifier, token)).isInstanceOfSatisfying(Verdict.Invalid.class, invalid -> {
                assertThat(invalid.reason()).isEqualTo(reason);
                assertThat(invalid.error()).isEqualTo("invalid_token");
            });
        }
    }

    @Test
    void admitsAGoodToken() {
        Caller caller = caller(verifier, tokens.good());
        assertThat(caller.subject()).isEqualTo("ada");
        assertThat(caller.scopes()).containsExactlyInAnyOrder("files:read", "files:write");
        assertThat(caller.expiresAt()).contains(clock.instant().plusSeconds(300));
        Credential credential = caller.get(Credential.ATTRIBUTE).orElseThrow();
        assertThat(credential.kind()).isEqualTo(Credential.Kind.JWT);
        assertThat(credential.id()).isEqualTo("token-1");
        assertThat(caller.get(TokenFacts.ATTRIBUTE).orElseThrow().client()).contains("app");
        assertThat(caller.toString()).doesNotContain(tokens.good());
    }

    @Test
    void takesTheAlgorithmsOfKeyPairs() {
        String claims = Tokens.text(tokens.claims());
        String header = "{'typ':'at+jwt','alg':'%s'}";
        KeyPair ec = Jose.ec();
        KeyPair ed = Jose.ed25519();
        caller(
                verifier(TokenIssuer.of(ISSUER, KeySource.key(ec.getPublic()))),
                Jose.es256(header.formatted("ES256"), claims, ec.getPrivate()));
        caller(
                verifier(TokenIssuer.of(ISSUER, KeySource.key(ed.getPublic()))),
                Jose.ed25519(header.formatted("EdDSA"), claims, ed.getPrivate()));
        caller(
                verifier(TokenIssuer.of(ISSUER, KeySource.key(KEY.getPublic()))),
                Jose.ps256(header.formatted("PS256"), claims, KEY.getPrivate()));
    }

    /** Anybody can write the signature in another way; whoever holds a revoked token must not become somebody new by that. */
    @Test
    void namesATokenWithoutIdAlikeHoweverItsSignatureIsWritten() {
        KeyPair ec = Jose.ec();
        JwtVerifier es256 = verifier(TokenIssuer.of(ISSUER, KeySource.key(ec.getPublic())));
        ObjectNode claims = tokens.claims();
        claims.remove("jti");
        String token = Jose.es256("{'typ':'at+jwt','alg':'ES256'}", Tokens.text(claims), ec.getPrivate());
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(signed.length()));
        String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        BigInteger other = new BigInteger(order, 16).subtract(new BigInteger(1, signature, 32, 32));
        byte[] bytes = other.toByteArray();
        Arrays.fill(signature, 32, 64, (byte) 0);
        int used = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - used, signature, 64 - used, used);
        char last = token.charAt(token.length() - 1);
        String id = id(es256, token);
        assertThat(id).startsWith("sha256:");
        assertThat(id(es256, signed + Jose.base64(signature))).isEqualTo(id);
        // The last character has four bits that mean nothing.
        assertThat(id(es256, token.substring(0, token.length() - 1) + (char) (last + 1)))
                .isEqualTo(id);
    }

    private static String id(JwtVerifier verifier, String token) {
        return caller(verifier, token).get(Credential.ATTRIBUTE).orElseThrow().id();
    }

    @Test
    void refusesASignatureOfZeros() {
        KeyPair ec = Jose.ec();
        String token = Jose.base64("{'typ':'at+jwt','alg':'ES256'}") + "." + Jose.base64(Tokens.text(tokens.claims()))
                + "." + Jose.base64(new byte[64]);
        refused(verifier(TokenIssuer.of(ISSUER, KeySource.key(ec.getPublic()))), token, "wrong-signature");
    }

    @Test
    void refusesTheAlgorithmNone() {
        String header = "{'typ':'at+jwt','alg':'none','kid':'k1'}";
        refused(Jose.base64(header) + "." + Jose.base64(Tokens.text(tokens.claims())) + ".", "wrong-algorithm");
        refused(Jose.base64(header) + "." + Jose.base64(Tokens.text(tokens.claims())) + ".AA", "wrong-algorithm");
        refused(tokens.headed("{'typ':'at+jwt','alg':'None','kid':'KID'}"), "wrong-algorithm");
    }

    @Test
    void refusesAPublicKeyAsASecret() {
        String header = "{'typ':'at+jwt','alg':'HS256','kid':'k1'}";
        String claims = Tokens.text(tokens.claims());
        refused(Jose.hs256(header, claims, KEY.getPublic().getEncoded()), "wrong-algorithm");
    }

    @Test
    void refusesAnAlgorithmThatIsNotOnTheList() {
        JwtVerifier strict = verifier(TokenIssuer.builder(ISSUER, keys())
                .algorithms(SignatureAlgorithm.ES256)
                .build());
        refused(strict, tokens.good(), "wrong-algorithm");
    }

    @Test
    void refusesAnAlgorithmOfAnotherTypeOfKey() {
        refused(tokens.headed("{'typ':'at+jwt','alg':'ES256','kid':'KID'}"), "unknown-key");
    }

    @Test
    void refusesASignatureOfAnotherKey() {
        Tokens forged = new Tokens(ISSUER, ENDPOINT, clock, "k1", Jose.rsa());
        refused(forged.good(), "wrong-signature");
    }

    @Test
    void refusesClaimsThatWereChanged() {
        String[] parts = tokens.good().split("\\.");
        String claims = Jose.base64(Tokens.text(tokens.claims().put("sub", "eve")));
        refused(parts[0] + "." + claims + "." + parts[2], "wrong-signature");
    }

    @Test
    void refusesAKeyThatTheTokenBrings() {
        String jwk = Tokens.text(Jose.jwk(KEY.getPublic()));
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','kid':'KID','jwk':" + jwk + "}"), "header-jwk");
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','jku':'https://evil.example/jwks'}"), "header-jku");
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','x5u':'https://evil.example/x'}"), "header-x5u");
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','x5c':['MIIB']}"), "header-x5c");
    }

    @Test
    void refusesCriticalExtensions() {
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','kid':'KID','crit':['exp']}"), "header-crit");
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','kid':'KID','crit':['b64'],'b64':false}"), "header-crit");
    }

    @Test
    void refusesCompressedTokensWithoutInflatingThem() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(new byte[4 * 1024 * 1024]);
        }
        String header = Jose.base64("{'typ':'at+jwt','alg':'RS256','kid':'k1','zip':'GZIP'}");
        refused(header + "." + Jose.base64(bomb.toByteArray()) + ".AA", "malformed");
        refused(tokens.headed("{'typ':'at+jwt','alg':'RS256','kid':'KID','zip':'DEF'}"), "compressed");
    }

    @Test
    void refusesDuplicateMembers() {
        String claims = Tokens.text(tokens.claims());
        String twice = claims.substring(0, claims.length() - 1) + ",\"sub\":\"eve\"}";
        refused(tokens.signed(Tokens.HEADER.formatted("k1"), twice), "malformed");
        refused(tokens.headed("{'typ':'at+jwt','alg':'none','alg':'RS256','kid':'KID'}"), "malformed");
    }

    @Test
    void refusesAnExpiredTokenToTheSecond() {
        String token = tokens.good();
        assertThat(caller(verifier, token).subject()).isEqualTo("ada");
        clock.advance(Duration.ofSeconds(299));
        assertThat(caller(verifier, token).subject()).isEqualTo("ada");
        clock.advance(Duration.ofSeconds(1));
        refused(token, "expired");
        refused(verifier(TokenIssuer.of(ISSUER, keys())), token, "expired");
    }

    @Test
    void refusesATokenWithoutAnEnd() {
        refused(tokens.with(claims -> claims.remove("exp")), "no-expiry");
        refused(tokens.with(claims -> claims.put("exp", 1e300)), "no-expiry");
        refused(tokens.with(claims -> claims.put("exp", -5)), "no-expiry");
    }

    @Test
    void refusesATokenOfTheFuture() {
        refused(tokens.with(claims -> claims.put("nbf", clock.seconds() + 31)), "not-yet-valid");
        refused(tokens.with(claims -> claims.put("iat", clock.seconds() + 31)), "not-yet-valid");
        caller(verifier, tokens.with(claims -> claims.put("nbf", clock.seconds() + 30)));
    }

    @Test
    void refusesMoreSkewThanAMinute() {
        assertThatThrownBy(() -> JwtVerifier.builder(RESOURCES).clockSkew(Duration.ofSeconds(61)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesATokenForSomebodyElse() {
        refused(tokens.with(claims -> claims.put("aud", "https://other.example.com/mcp")), "wrong-audience");
        refused(tokens.with(claims -> claims.put("aud", ENDPOINT + "/")), "wrong-audience");
        refused(tokens.with(claims -> claims.put("aud", "https://mcp.example.com")), "wrong-audience");
        refused(tokens.with(claims -> claims.remove("aud")), "wrong-audience");
        refused(tokens.with(claims -> claims.putArray("aud")), "wrong-audience");
        caller(
                verifier,
                tokens.with(claims ->
                        claims.putArray("aud").add("https://o.example").add(ENDPOINT)));
    }

    @Test
    void refusesATokenForAnotherEndpointOfThisServerAlsoWhenItIsKnown() {
        String other = "https://mcp.example.com/other";
        JwtVerifier both = JwtVerifier.builder(
                        ProtectedResources.of(ProtectedResource.of(ENDPOINT), ProtectedResource.of(other)))
                .issuer(TokenIssuer.of(ISSUER, keys()))
                .clock(clock)
                .build();
        String token = tokens.good();
        caller(both, token);
        assertThat(both.verify(new Presented(TestHead.of(other), "bearer", token)))
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo("wrong-audience"));
    }

    @Test
    void refusesAnotherIssuer() {
        refused(tokens.with(claims -> claims.put("iss", ISSUER + "/")), "wrong-issuer");
        refused(tokens.with(claims -> claims.put("iss", "https://AS.example.com")), "wrong-issuer");
        refused(tokens.with(claims -> claims.remove("iss")), "wrong-issuer");
    }

    @Test
    void refusesTheKeyOfOneIssuerInATokenOfAnother() {
        KeyPair otherKey = Jose.rsa();
        JwtVerifier two = JwtVerifier.builder(RESOURCES)
                .issuer(TokenIssuer.builder(ISSUER, keys())
                        .claims(ClaimsMapping.builder().tenant("one").build())
                        .build())
                .issuer(TokenIssuer.builder("https://b.example", KeySource.keys(Map.of("k1", otherKey.getPublic())))
                        .claims(ClaimsMapping.builder().tenant("two").build())
                        .build())
                .clock(clock)
                .build();
        refused(two, new Tokens(ISSUER, ENDPOINT, clock, "k1", otherKey).good(), "wrong-signature");
        assertThat(caller(two, tokens.good()).tenant()).contains("one");
        assertThat(caller(two, new Tokens("https://b.example", ENDPOINT, clock, "k1", otherKey).good())
                        .tenant())
                .contains("two");
    }

    @Test
    void refusesIssuersWhoseSubjectsCouldBeTakenForEachOther() {
        JwtVerifier.Builder builder = JwtVerifier.builder(RESOURCES).issuer(TokenIssuer.of(ISSUER, keys()));
        assertThatThrownBy(() -> builder.issuer(TokenIssuer.of("https://b.example", keys())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subjectPrefix");
    }

    @Test
    void refusesIdTokens() {
        refused(tokens.headed("{'typ':'JWT','alg':'RS256','kid':'KID'}"), "wrong-type");
        refused(tokens.headed("{'alg':'RS256','kid':'KID'}"), "wrong-type");
        refused(tokens.headed("{'typ':'dpop+jwt','alg':'RS256','kid':'KID'}"), "wrong-type");
    }

    @Test
    void refusesIdTokensWhereTypesAreNotDemanded() {
        JwtVerifier lax =
                verifier(TokenIssuer.builder(ISSUER, keys()).acceptUntyped().build());
        String header = "{'typ':'JWT','alg':'RS256','kid':'k1'}";
        caller(lax, tokens.headed(header));
        caller(lax, tokens.headed("{'alg':'RS256','kid':'KID'}"));
        for (String claim : Set.of("nonce", "at_hash", "c_hash", "events")) {
            ObjectNode claims = tokens.claims().put(claim, "x");
            refused(lax, tokens.signed(header, Tokens.text(claims)), "wrong-type");
        }
        refused(lax, tokens.signed(header, Tokens.text(tokens.claims().put("typ", "ID"))), "wrong-type");
        refused(lax, tokens.headed("{'typ':5,'alg':'RS256','kid':'KID'}"), "wrong-type");
    }

    @Test
    void leavesToOthersWhatIsNoJwt() {
        assertThat(verify(verifier, "mk_live_abc_123")).isInstanceOf(Verdict.Pass.class);
        assertThat(verify(verifier, "a.b.c.d.e")).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void takesSecretsOf256BitsAndNotLess() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        JwtVerifier shared = verifier(TokenIssuer.of(ISSUER, KeySource.secret(secret)));
        String header = "{'typ':'at+jwt','alg':'HS256'}";
        caller(shared, Jose.hs256(header, Tokens.text(tokens.claims()), secret));
        refused(shared, tokens.good(), "wrong-algorithm");
        assertThatThrownBy(() -> KeySource.secret(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256");
    }

    @Test
    void forgetsRevokedTokens() {
        AtomicReference<String> revoked = new AtomicReference<>("");
        JwtVerifier asking = JwtVerifier.builder(RESOURCES)
                .issuer(TokenIssuer.of(ISSUER, keys()))
                .revoked(facts -> facts.credentialId().equals(revoked.get()))
                .clock(clock)
                .build();
        caller(asking, tokens.good());
        revoked.set("token-1");
        refused(asking, tokens.good(), "revoked");
    }

    @Test
    void mapsTenantLevelEnvironmentAndRoles() {
        JwtVerifier mapped = verifier(TokenIssuer.builder(ISSUER, keys())
                .claims(ClaimsMapping.builder()
                        .tenantFrom(Set.of("acme"), "https://claims.example/tenant")
                        .scopes("realm_access", "roles")
                        .environmentFrom("env")
                        .reachFrom("level")
                        .reach(SecurityLevel.HIGH)
                        .build())
                .build());
        String token = tokens.with(claims -> {
            claims.put("https://claims.example/tenant", "acme")
                    .put("env", "live")
                    .put("level", "critical");
            claims.putObject("realm_access").putArray("roles").add("admin").add("not a\"scope");
        });
        Caller caller = caller(mapped, token);
        assertThat(caller.tenant()).contains("acme");
        assertThat(caller.scopes()).contains("admin", "files:read", "not").doesNotContain("a\"scope");
        Credential credential = caller.get(Credential.ATTRIBUTE).orElseThrow();
        assertThat(credential.madeFor()).contains(Environment.PRODUCTION);
        assertThat(credential.reach()).isEqualTo(SecurityLevel.HIGH);
        refused(mapped, tokens.good(), "unknown-tenant");
        refused(mapped, tokens.with(claims -> claims.put("https://claims.example/tenant", "evil")), "unknown-tenant");
        refused(mapped, tokens.with(claims -> claims.put("https://claims.example/tenant", "acme")), "no-environment");
        assertThat(caller(
                                mapped,
                                tokens.with(claims -> claims.put("https://claims.example/tenant", "acme")
                                        .put("env", "live")
                                        .put("level", "godlike")))
                        .get(Credential.ATTRIBUTE)
                        .orElseThrow()
                        .reach())
                .isEqualTo(SecurityLevel.LOW);
    }

    @Test
    void refusesTokensThatAreBoundWhereNothingIsConfigured() {
        refused(tokens.with(claims -> claims.putObject("cnf").put("jkt", "x")), "bound");
        refused(tokens.with(claims -> claims.putObject("cnf").put("x5t#S256", "x")), "wrong-certificate");
        refused(tokens.with(claims -> claims.putObject("cnf").put("kid", "x")), "unknown-confirmation");
        refused(tokens.with(claims -> claims.put("cnf", 5)), "unknown-confirmation");
    }

    @Test
    void refusesSubjectsThatAreNone() {
        refused(tokens.with(claims -> claims.remove("sub")), "no-subject");
        refused(tokens.with(claims -> claims.put("sub", "a\u0000b")), "no-subject");
        refused(tokens.with(claims -> claims.put("sub", "x".repeat(257))), "no-subject");
        refused(tokens.with(claims -> claims.set("sub", Json.object())), "no-subject");
    }

    /** What nobody in particular has open is bound to that identity. */
    @Test
    void nobodyIsNamedAsAnonymousCallersAreOrTheLocalOne() {
        ClaimsMapping ofTenant = ClaimsMapping.builder().tenant("acme").build();
        ClaimsMapping prefixed = ClaimsMapping.builder().subjectPrefix("lo").build();
        for (String subject : List.of("anonymous", "local")) {
            String token = tokens.with(claims -> claims.put("sub", subject));
            refused(token, "reserved-subject");
            caller(verifier(TokenIssuer.builder(ISSUER, keys()).claims(ofTenant).build()), token);
            caller(verifier(TokenIssuer.builder(ISSUER, keys()).claims(prefixed).build()), token);
        }
        refused(
                verifier(TokenIssuer.builder(ISSUER, keys()).claims(prefixed).build()),
                tokens.with(claims -> claims.put("sub", "cal")),
                "reserved-subject");
    }
}
