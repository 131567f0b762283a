package dev.mortise.benchmarks;

import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.Environment;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.standing.Standing;
import dev.mortise.security.store.SecurityStores;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to find out who has sent an API key that was seen before. The store is in memory, and is not asked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class KeyBenchmark {
    private static final HttpHead HEAD = new HttpHead() {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public URI uri() {
            return URI.create("https://mcp.example.com/mcp");
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public String remoteAddress() {
            return "192.0.2.1";
        }
    };

    private final SecurityStores stores = SecurityStores.inMemory();
    private final Standing standing = new Standing(stores.changes(), System::nanoTime);
    private final ApiKeys keys = new ApiKeys("mk", Environment.TEST, stores.keys(), standing, Clock.systemUTC());
    private final Presented good;
    private final Presented wrong;

    public KeyBenchmark() {
        standing.start(Duration.ofSeconds(1));
        String secret = keys.issue("ann", "acme", "", KeyLimits.BASIC.withScopes("files:read"))
                .secret();
        good = new Presented(HEAD, "bearer", secret);
        wrong = new Presented(HEAD, "bearer", secret.substring(0, secret.length() - 1) + "!");
    }

    @Benchmark
    public Verdict known() {
        return keys.verify(good);
    }

    /** Refused by its checksum, before anything is looked up. */
    @Benchmark
    public Verdict mistyped() {
        return keys.verify(wrong);
    }

    @TearDown
    public void close() {
        standing.close();
        stores.close();
    }
}
