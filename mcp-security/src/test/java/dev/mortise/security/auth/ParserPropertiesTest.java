package dev.mortise.security.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Authenticator.Admission;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.Proof;
import dev.mortise.security.token.TestClock;
import dev.mortise.security.token.TestHead;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import java.security.KeyPair;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes in a head: it is refused as documented, and nothing throws. */
class ParserPropertiesTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final KeyPair KEY = Jose.rsa();
    private static final TestClock CLOCK = new TestClock();
    private static final Tokens TOKENS = new Tokens("https://as.example", ENDPOINT, CLOCK, "k1", KEY);
    private static final Proof PROOF = Proof.of(ENDPOINT, CLOCK);
    private static final String BOUND =
            TOKENS.with(claims -> claims.putObject("cnf").put("jkt", PROOF.thumbprint()));
    private static final String GOOD_PROOF = PROOF.good(BOUND);
    private static final SenderConstraints CONSTRAINTS =
            SenderConstraints.none().dpop(DpopProofs.builder().clock(CLOCK).build());
    private static final BearerAuthenticator AUTHENTICATOR = BearerAuthenticator.builder(
                    ResourceMetadata.of(ENDPOINT, "https://as.example"))
            .verifier(JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                    .issuer(TokenIssuer.of("https://as.example", KeySource.key(KEY.getPublic())))
                    .constraints(CONSTRAINTS)
                    .clock(CLOCK)
                    .build())
            .constraints(CONSTRAINTS)
            .clock(CLOCK)
            .build();

    private static void isRefused(TestHead head) {
        assertThat(AUTHENTICATOR.authenticate(head))
                .isInstanceOfSatisfying(
                        Admission.Rejected.class,
                        rejected -> assertThat(rejected.refusal())
                                .isInstanceOfAny(Refusal.Unauthenticated.class, Refusal.Malformed.class));
    }

    @Property(tries = 2000)
    void anyAuthorizationField(@ForAll String field) {
        isRefused(TestHead.of(ENDPOINT).with("Authorization", field));
    }

    @Property(tries = 1000)
    void anyTokenAfterAScheme(@ForAll("tokens") String token) {
        isRefused(TestHead.of(ENDPOINT).with("Authorization", "Bearer " + token));
        isRefused(TestHead.of(ENDPOINT).with("Authorization", "DPoP " + token).with("DPoP", token));
    }

    @Property(tries = 1000)
    void anyHeaderAndClaimsOfAToken(@ForAll("json") String header, @ForAll("json") String claims) {
        isRefused(TestHead.of(ENDPOINT)
                .with("Authorization", "Bearer " + Jose.base64(header) + "." + Jose.base64(claims) + ".AAAA"));
    }

    @Property(tries = 500)
    void anySignedClaims(@ForAll("json") String claims) {
        isRefused(TestHead.of(ENDPOINT)
                .with("Authorization", "Bearer " + TOKENS.signed(Tokens.HEADER.formatted("k1"), claims)));
    }

    @Property(tries = 1000)
    void anyProof(@ForAll("tokens") String proof) {
        isRefused(TestHead.of(ENDPOINT).with("Authorization", "DPoP " + BOUND).with("DPoP", proof));
    }

    @Property(tries = 500)
    void anyHeaderAndClaimsOfAProof(@ForAll("json") String header, @ForAll("json") String claims) {
        String proof = Jose.es256(header, claims, PROOF.key().getPrivate());
        isRefused(TestHead.of(ENDPOINT).with("Authorization", "DPoP " + BOUND).with("DPoP", proof));
    }

    @Provide
    Arbitrary<String> tokens() {
        Arbitrary<String> alphabet = Arbitraries.strings()
                .withChars("abcXYZ019-._~+/=e")
                .ofMinLength(1)
                .ofMaxLength(60);
        return Arbitraries.oneOf(alphabet, Arbitraries.strings().ofMinLength(1), mutated(BOUND), mutated(GOOD_PROOF));
    }

    /** One character replaced, left out or doubled; never the last of a part, whose unused bits may differ. */
    private static Arbitrary<String> mutated(String good) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, good.lastIndexOf('.') - 2),
                        Arbitraries.of("", "A", ".", "=", "__", "%", "é"))
                .as((at, by) -> good.substring(0, at) + by + good.substring(at + 1))
                .filter(text -> !text.equals(good));
    }

    /** Objects with the names that matter, and all kinds of values, some of which are no JSON. */
    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> names = Arbitraries.of(
                "alg", "typ", "kid", "jwk", "crit", "zip", "iss", "aud", "exp", "nbf", "iat", "sub", "cnf", "jti",
                "htm", "htu", "ath", "scope");
        Arbitrary<String> values = Arbitraries.of(
                "null",
                "true",
                "5",
                "-1",
                "1e400",
                "1E-999999999",
                "1e999999999",
                "9223372036854775808",
                "''",
                "'x'",
                "'RS256'",
                "'ES256'",
                "'at+jwt'",
                "'dpop+jwt'",
                "'https://as.example'",
                "'" + ENDPOINT + "'",
                "[]",
                "['a',5]",
                "{}",
                "{'kty':'EC'}",
                "{'kty':'EC','crv':'P-256','x':'AA','y':'AA'}",
                "{'kty':'RSA','n':'AQ','e':'AQ'}",
                "{'kty':'OKP','crv':'Ed25519','x':'AA'}",
                "{'jkt':5}",
                "'\\ud800'",
                "'POST'",
                "[[[[[[[[]]]]]]]]",
                "2000000000",
                "NaN",
                "}");
        Arbitrary<List<String>> members = Combinators.combine(names, values)
                .as((name, value) -> "'" + name + "':" + value)
                .list()
                .ofMaxSize(8);
        return members.map(each -> "{" + String.join(",", each) + "}");
    }
}
