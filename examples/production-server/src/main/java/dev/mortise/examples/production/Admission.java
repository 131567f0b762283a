package dev.mortise.examples.production;

import dev.mortise.examples.production.admin.ProvableLog;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.JwksOptions;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Who is let in, what they may do and how often, and the log of it. */
final class Admission {
    private Admission() {}

    /** @param resource the endpoint as its tokens name it */
    static Security of(Settings settings, Stores stores, ProvableLog audit, URI resource) {
        SecurityBuilder security = Security.in(settings.environment())
                .stores(stores.security())
                .audit(audit.log())
                .limits(limits(settings, stores, audit))
                .idempotentCalls(IdempotentCalls.in(stores.replays()).build())
                .local(local())
                .administration("/admin");
        Optional<String> issuer = settings.find(Setting.JWT_ISSUER);
        if (issuer.isPresent()) {
            security.endpoint(ResourceMetadata.of(resource.toString(), issuer.get()), tokens(issuer.get(), settings));
        } else {
            // The metadata have to name somebody. Here it is this host itself, which answers that it issues no tokens.
            security.endpoint(ResourceMetadata.of(
                    resource.toString(), resource.resolve("/").toString().replaceFirst("/$", "")));
        }
        return security.build();
    }

    private static TokenIssuer tokens(String issuer, Settings settings) {
        KeySource keys = settings.find(Setting.JWT_SECRET_KEY)
                .map(secret -> KeySource.secret(secret.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(() -> KeySource.discovered(JwksOptions.defaults()));
        return TokenIssuer.builder(issuer, keys).claims(claims(settings)).build();
    }

    private static ClaimsMapping claims(Settings settings) {
        ClaimsMapping.Builder claims = ClaimsMapping.builder().reach(SecurityLevel.CRITICAL);
        settings.find(Setting.JWT_TENANT_CLAIM).ifPresent(claim -> claims.tenantFrom(Set.of(), claim));
        return claims.build();
    }

    private static RateLimits limits(Settings settings, Stores stores, ProvableLog audit) {
        RateLimits.Builder limits = RateLimits.builder()
                .addresses(rate(settings.number(Setting.REQUESTS_PER_MINUTE)))
                .limit(Limit.perCaller("caller", rate(settings.number(Setting.CALLS_PER_MINUTE))))
                .audit(audit.log());
        stores.rates().ifPresent(limits::shared);
        return limits.build();
    }

    private static Rate rate(int perMinute) {
        return Rate.perMinute(perMinute).withBurst(Math.max(1, perMinute / 3));
    }

    /** Whoever started this on their own desktop. Not an administrator: what speaks is a model. */
    private static Caller local() {
        Credential credential = new Credential(Credential.Kind.LOCAL, "local", null, SecurityLevel.CRITICAL, null);
        return Caller.of("local:" + System.getProperty("user.name")).with(Credential.ATTRIBUTE, credential);
    }
}
