package dev.mortise.examples.production;

import dev.mortise.examples.production.admin.ProvableLog;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.security.Credential;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.secret.Secret;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.JwksOptions;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
        // The metadata have to name somebody. Unset, it is this host itself, which answers that it issues no tokens.
        ResourceMetadata metadata = ResourceMetadata.of(
                resource.toString(),
                issuer.orElseGet(() -> resource.resolve("/").toString().replaceFirst("/$", "")));
        return security.resource(metadata.resource())
                .authenticatorOf(keys -> bearer(metadata, keys, issuer, settings, audit))
                .build();
    }

    private static Authenticator bearer(
            ResourceMetadata metadata, ApiKeys keys, Optional<String> issuer, Settings settings, ProvableLog audit) {
        BearerAuthenticator.Builder bearer =
                BearerAuthenticator.builder(metadata).verifier(keys).audit(audit.log());
        issuer.ifPresent(id -> bearer.verifier(tokens(metadata, id, settings)));
        return bearer.build();
    }

    private static CredentialVerifier tokens(ResourceMetadata metadata, String issuer, Settings settings) {
        return JwtVerifier.builder(ProtectedResources.of(metadata.resource()))
                .issuer(TokenIssuer.builder(issuer, keys(settings))
                        .claims(claims(settings))
                        .build())
                .build();
    }

    /** Of an issuer whose secret is being changed there are two for a while, and both are good. */
    private static KeySource keys(Settings settings) {
        List<Secret> secrets = Stream.of(Setting.JWT_SECRET_KEY, Setting.JWT_SECRET_KEY_PREVIOUS)
                .flatMap(setting -> settings.find(setting).stream())
                .map(Secret::of)
                .toList();
        return secrets.isEmpty() ? KeySource.discovered(JwksOptions.defaults()) : KeySource.secrets(secrets);
    }

    private static ClaimsMapping claims(Settings settings) {
        ClaimsMapping.Builder claims = ClaimsMapping.builder().reach(SecurityLevel.CRITICAL);
        settings.find(Setting.JWT_TENANT_CLAIM).ifPresent(claim -> claims.tenantFrom(Set.of(), claim));
        return claims.build();
    }

    private static RateLimits limits(Settings settings, Stores stores, ProvableLog audit) {
        RateLimits.Builder limits = RateLimits.builder()
                .addresses(rate(settings.number(Setting.REQUESTS_PER_MINUTE)))
                .addressesHere()
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
