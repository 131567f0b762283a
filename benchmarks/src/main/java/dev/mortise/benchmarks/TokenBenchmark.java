package dev.mortise.benchmarks;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.TokenFacts;
import java.net.URI;
import java.util.List;
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
    private final Tokens tokens = new Tokens();
    private final JwtVerifier verifier = tokens.verifier();
    private final Authenticator authenticator =
            BearerAuthenticator.builder(Tokens.METADATA).verifier(verifier).build();
    private final HttpHead head = new Head(tokens.authorization());

    private record Head(String authorization) implements HttpHead {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public URI uri() {
            return URI.create(Tokens.ENDPOINT);
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
}
