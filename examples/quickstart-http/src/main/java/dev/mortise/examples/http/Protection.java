package dev.mortise.examples.http;

import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.audit.CheckpointSigner;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.MemoryReplayStore;
import dev.mortise.security.secret.SecretCheck;
import dev.mortise.security.secret.Secrets;
import dev.mortise.security.store.SecurityStores;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** API keys and tokens, limits, calls that happen once, and a log of it all. */
final class Protection implements AutoCloseable {
    /** Stands for your authorization server. */
    private static final String ISSUER = "https://login.example.com";

    private static final String TOKEN_SECRET = "token-secret";

    private final SecurityStores stores;
    private final AuditLog audit;
    private final Security security;
    private final List<String> welcome;

    private Protection(SecurityStores stores, AuditLog audit, Security security, List<String> welcome) {
        this.stores = stores;
        this.audit = audit;
        this.security = security;
        this.welcome = List.copyOf(welcome);
    }

    /**
     * Begins with what was kept, or makes it.
     *
     * @param url of the endpoint, as tokens have to name it
     */
    static Protection of(String url, DataFolder data) throws IOException {
        Secrets environment = Secrets.environment("MORTISE");
        boolean development = environment.find(TOKEN_SECRET).isEmpty();
        if (development) {
            data.makeSecret(TOKEN_SECRET);
        }
        Secrets secrets = environment.orElse(Secrets.files(data.path()));
        SecretCheck check = SecretCheck.of(secrets).strong(TOKEN_SECRET, 32);
        check.verify();
        byte[] secret = secrets.get(TOKEN_SECRET).bytes();

        SecurityStores stores = SecurityStores.sql(data.database("security")).migrate();
        AuditLog audit = AuditLog.in(data.database("audit"), CheckpointSigner.of(data.auditKeys()))
                .migrate();
        Security security = Security.in(Environment.DEVELOPMENT)
                .secrets(check)
                .stores(stores)
                .audit(audit)
                .endpoint(
                        ResourceMetadata.of(url, ISSUER),
                        TokenIssuer.builder(ISSUER, KeySource.secret(secret))
                                .claims(ClaimsMapping.builder()
                                        .reach(SecurityLevel.MEDIUM)
                                        .build())
                                .build())
                .limits(RateLimits.builder()
                        .addresses(Rate.perMinute(600).withBurst(100))
                        .limit(Limit.perCaller("caller", Rate.perMinute(120).withBurst(30)))
                        .audit(audit)
                        .build())
                .idempotentCalls(IdempotentCalls.in(new MemoryReplayStore()).build())
                .build();

        List<String> welcome = new ArrayList<>();
        if (security.keys().list(null, null, 1).isEmpty()) {
            String key = security.keys()
                    .issue("newcomer", null, "made at the first start", KeyLimits.BASIC)
                    .secret();
            welcome.add("API key, shown this once: " + key);
        } else {
            welcome.add("The API key was shown at the first start. To begin anew, delete " + data.path());
        }
        welcome.add(
                development
                        ? "Token, good for an hour: " + SampleToken.issue(ISSUER, url, secret, Duration.ofHours(1))
                        : "Tokens: HS256 with MORTISE_TOKEN_SECRET, typ at+jwt, iss " + ISSUER + ", aud " + url);
        return new Protection(stores, audit, security, welcome);
    }

    Security security() {
        return security;
    }

    List<String> welcome() {
        return welcome;
    }

    /** After the server, whose last decisions are still taken down. */
    @Override
    public void close() {
        audit.close();
        stores.close();
    }
}
