package dev.mortise.benchmarks;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenFacts;
import dev.mortise.security.token.TokenIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find out from a head who calls: a JWT of RS256 with a key of 2048 bits, known and unknown. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class TokenBenchmark {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String ISSUER = "https://as.example.com";

    private final KeyPair key = key();
    private final JwtVerifier verifier = JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
            .issuer(TokenIssuer.of(ISSUER, KeySource.keys(Map.of("k1", key.getPublic()))))
            .build();
    private final Authenticator authenticator = BearerAuthenticator.builder(ResourceMetadata.of(ENDPOINT, ISSUER))
            .verifier(verifier)
            .build();
    private final HttpHead head = new Head("Bearer " + token(key));

    private record Head(String authorization) implements HttpHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public URI uri() {
            return URI.create(ENDPOINT);
        }

        @Override
        public List<String> headers(String name) {
            return name.equalsIgnoreCase("Authorization") ? List.of(authorization) : List.of();
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }
    }

    /** The token was verified before. */
    @Benchmark
    public Object known() {
        return authenticator.authenticate(head);
    }

    /** It is verified each time. Forgetting it is part of the time: some 100 ns. */
    @Benchmark
    public Object unknown() {
        verifier.evict(TokenBenchmark::all);
        return authenticator.authenticate(head);
    }

    private static boolean all(TokenFacts facts) {
        return true;
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(KeyPair key) {
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":\"k1\"}";
        byte[] claims = Json.write(Json.object()
                .put("iss", ISSUER)
                .put("sub", "248289761001")
                .put("aud", ENDPOINT)
                .put("client_id", "https://app.example.com/client.json")
                .put("iat", now)
                .put("exp", now + 86_400)
                .put("jti", "9a4bc2f3-8f1e-4d3e-9a01-3c1c9f0c6f5a")
                .put("scope", "files:read files:write calendar:read"));
        try {
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            String input = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64.encodeToString(claims);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
