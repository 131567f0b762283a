package dev.mortise.security.auth;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.audit.AuditEvent.Outcome;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds out from the {@code Authorization} field who a caller is, and challenges those who do not say it right: the
 * resource server of OAuth 2.1 (Authorization: Access Token Usage, Error Handling). Thread-safe.
 *
 * <ul>
 *   <li>no credential: 401 that names the metadata and the scopes, without an error
 *   <li>a field that is none, or two of them: 400 {@code invalid_request}
 *   <li>a credential that is not good here: 401 with the error
 *   <li>a verifier that cannot tell, or an audit log that takes nothing down: 503 with {@code Retry-After}
 * </ul>
 *
 * <p>Tokens are never logged; refusals are, at debug, by their reason. As a plug-in it installs itself as the server's
 * authenticator, and the metadata documents as its routes. They belong to the root of a host, so mount the server in
 * an application whose context is the root.
 */
public final class BearerAuthenticator implements Authenticator, McpServer.Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(BearerAuthenticator.class);
    private static final Duration AUDIT_RETRY = Duration.ofSeconds(5);
    private static final Duration STORE_RETRY = Duration.ofSeconds(2);

    private final Map<ProtectedResource, Challenges> challenges = new LinkedHashMap<>();
    private final ProtectedResources resources;
    private final List<CredentialVerifier> verifiers;
    private final List<HttpRoute> routes;
    private final boolean anonymous;
    private final @Nullable Caller local;
    private final @Nullable Environment environment;
    private final boolean environmentRequired;
    private final int maxTokenLength;
    private final Clock clock;
    private final AuthenticationAudit audit;
    private final Builder settings;

    private BearerAuthenticator(Builder builder, AuditTrail trail) {
        settings = builder;
        List<String> dpop = builder.constraints.dpopAlgorithms();
        Map<ResourceMetadata, ObjectNode> documents = new LinkedHashMap<>();
        for (ResourceMetadata each : builder.metadata) {
            documents.put(
                    each, each.json(dpop, builder.constraints.isRequired(), builder.constraints.takesCertificates()));
            boolean bearer =
                    dpop.isEmpty() || !builder.constraints.isRequired() || builder.constraints.takesCertificates();
            challenges.put(each.resource(), new Challenges(each, bearer, dpop));
        }
        resources = ProtectedResources.of(
                builder.metadata.stream().map(ResourceMetadata::resource).toList());
        routes = ResourceMetadata.routes(documents);
        verifiers = List.copyOf(builder.verifiers);
        anonymous = builder.anonymous;
        local = builder.local;
        environment = builder.environment;
        environmentRequired = builder.environmentRequired;
        maxTokenLength = builder.maxTokenLength;
        clock = builder.clock;
        audit = new AuthenticationAudit(trail, builder.clock, builder.admissionsEvery);
    }

    /** @param endpoints all that this server is reached by, each with its own metadata */
    public static Builder builder(ResourceMetadata... endpoints) {
        return new Builder(List.of(endpoints));
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.authenticator(this);
        routes.forEach(builder::route);
    }

    /** The metadata documents (RFC 9728 section 3), for hosts that install this by themselves. */
    public List<HttpRoute> routes() {
        return routes;
    }

    public ProtectedResources resources() {
        return resources;
    }

    /**
     * Issuers whose tokens do not say which environment they are for, and are taken all the same: only the endpoint that they
     * name keeps them from another environment.
     */
    public Set<String> issuersWithoutEnvironment() {
        return environmentRequired
                ? Set.of()
                : verifiers.stream()
                        .flatMap(verifier -> verifier.issuersWithoutEnvironment().stream())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The same with a trail for both outcomes, unless it has one: nothing is taken down twice. */
    public BearerAuthenticator audited(AuditTrail trail) {
        return audit.isOff() ? new BearerAuthenticator(settings, trail) : this;
    }

    @Override
    public Admission authenticate(Origin origin) {
        return switch (origin) {
            case LocalProcess ignored -> local();
            case HttpHead head ->
                resources
                        .of(head)
                        .map(resource -> remote(head, List.of(resource)))
                        .orElseGet(() ->
                                Authenticator.reject(new Refusal.Custom(404, "There is no such endpoint", null, 404)));
        };
    }

    /**
     * The same for routes beside the endpoints, which no token names: there it takes what is good at any of them, as that
     * endpoint takes it. The route has to ask for a scope of its own.
     */
    public Authenticator besideEndpoints() {
        return origin -> origin instanceof HttpHead head && resources.of(head).isEmpty()
                ? remote(head, resources.all())
                : authenticate(origin);
    }

    private Admission local() {
        if (local == null) {
            return Authenticator.reject(
                    new Refusal.Unauthenticated("This server was not told who its local caller is", List.of()));
        }
        return Authenticator.admit(local);
    }

    private Challenges asks(ProtectedResource resource) {
        Challenges asks = challenges.get(resource);
        if (asks == null) {
            throw new IllegalStateException("An endpoint without metadata: " + resource.uri());
        }
        return asks;
    }

    private Admission remote(HttpHead head, List<ProtectedResource> candidates) {
        ProtectedResource resource = candidates.getFirst();
        Challenges asks = asks(resource);
        return switch (AuthorizationField.read(head.headers("Authorization"))) {
            case AuthorizationField.Absent ignored -> {
                if (anonymous) {
                    yield Authenticator.admit(at(resource, Caller.anonymous()));
                }
                yield challenge(head, resource, asks, "no-credential", "Authorization is required");
            }
            case AuthorizationField.OtherScheme ignored ->
                challenge(head, resource, asks, "other-scheme", "This server takes access tokens");
            case AuthorizationField.Malformed malformed -> {
                refused(head, resource, Outcome.DENIED, malformed.reason(), "");
                List<String> values = asks.withError("bearer", "invalid_request", malformed.description());
                yield Authenticator.reject(new Refusal.Malformed(
                        malformed.description(), Map.of("WWW-Authenticate", String.join(", ", values))));
            }
            case AuthorizationField.Token token -> token(head, candidates, token);
        };
    }

    private Admission challenge(
            HttpHead head, ProtectedResource resource, Challenges asks, String reason, String message) {
        refused(head, resource, Outcome.CHALLENGED, reason, "");
        return Authenticator.reject(new Refusal.Unauthenticated(message, asks.withoutError()));
    }

    private Admission token(HttpHead head, List<ProtectedResource> candidates, AuthorizationField.Token token) {
        ProtectedResource resource = candidates.getFirst();
        Verdict verdict;
        try {
            verdict = verdict(head, resource, candidates, token);
            // Only its audience decides where a token is good: it is looked at before proofs, which are good once.
            for (int i = 1; i < candidates.size() && verdict instanceof Verdict.Invalid; i++) {
                Verdict other = verdict(head, candidates.get(i), candidates, token);
                if (other instanceof Verdict.Verified) {
                    resource = candidates.get(i);
                    verdict = other;
                }
            }
        } catch (VerifierUnavailable e) {
            return unavailable(head, resource, e.dependency(), e.retryAfter(), e);
        } catch (StoreUnavailable e) {
            return unavailable(head, resource, "A store of this server", STORE_RETRY, e);
        }
        Challenges asks = asks(resource);
        return switch (verdict) {
            case Verdict.Verified verified -> admit(head, resource, asks, token, verified.caller());
            case Verdict.Invalid invalid -> refuse(head, resource, asks, token, invalid);
            case Verdict.Pass ignored ->
                refuse(head, resource, asks, token, invalid("This server does not know the token", "unknown-token"));
        };
    }

    private Verdict verdict(
            HttpHead head,
            ProtectedResource resource,
            List<ProtectedResource> candidates,
            AuthorizationField.Token token) {
        if (token.length() > maxTokenLength) {
            return invalid("The token has more than " + maxTokenLength + " characters", "token-too-long");
        }
        HttpHead at = candidates.size() == 1 ? head : new HeadAt(head, resource.uri());
        return verdict(new Presented(at, token.scheme(), token.line(), token.from()));
    }

    private Verdict verdict(Presented presented) {
        for (CredentialVerifier verifier : verifiers) {
            Verdict verdict = verifier.verify(presented);
            if (!(verdict instanceof Verdict.Pass)) {
                return verdict;
            }
        }
        return new Verdict.Pass();
    }

    private static Verdict.Invalid invalid(String description, String reason) {
        return new Verdict.Invalid("invalid_token", description, reason, "");
    }

    private Admission refuse(
            HttpHead head,
            ProtectedResource resource,
            Challenges asks,
            AuthorizationField.Token token,
            Verdict.Invalid invalid) {
        refused(head, resource, Outcome.DENIED, invalid.reason(), invalid.credentialId());
        return Authenticator.reject(new Refusal.Unauthenticated(
                invalid.description(),
                asks.withError(token.scheme(), invalid.error(), invalid.description()),
                invalid.headers()));
    }

    private Admission admit(
            HttpHead head, ProtectedResource resource, Challenges asks, AuthorizationField.Token token, Caller caller) {
        Credential credential = caller.get(Credential.ATTRIBUTE)
                .orElseThrow(() -> new IllegalStateException("A verifier admitted a caller without a credential"));
        Verdict.Invalid problem = unusable(caller, credential);
        if (problem != null) {
            return refuse(head, resource, asks, token, problem);
        }
        try {
            audit.admitted(head, resource, caller, credential);
        } catch (AuditUnavailable e) {
            return unavailable(head, resource, "The audit log", AUDIT_RETRY, e);
        }
        return Authenticator.admit(at(resource, caller));
    }

    /** Of several endpoints, whoever refuses the caller later has to name this one. */
    private Caller at(ProtectedResource resource, Caller caller) {
        return challenges.size() == 1 ? caller : caller.with(ProtectedResource.ATTRIBUTE, resource);
    }

    private Verdict.@Nullable Invalid unusable(Caller caller, Credential credential) {
        Optional<Environment> madeFor = credential.madeFor();
        if (environment != null && madeFor.map(it -> !it.equals(environment)).orElse(environmentRequired)) {
            return new Verdict.Invalid(
                    "invalid_token",
                    "The credential is not for this environment",
                    "wrong-environment",
                    credential.id());
        }
        if (caller.expiresAt().map(end -> !clock.instant().isBefore(end)).orElse(false)) {
            return new Verdict.Invalid("invalid_token", "The credential has expired", "expired", credential.id());
        }
        return null;
    }

    private Admission unavailable(
            HttpHead head, ProtectedResource resource, String dependency, Duration retryAfter, RuntimeException why) {
        // Without a stack: while something is down, this comes with every request.
        LOG.warn("A credential could not be checked: {}", why.toString());
        LOG.debug("Unavailable: {}", dependency, why);
        refused(head, resource, Outcome.FAILED, "unavailable", "");
        return Authenticator.reject(new Refusal.DependencyUnavailable(dependency, retryAfter));
    }

    /** It is refused whether this can be taken down or not. */
    private void refused(
            HttpHead head, ProtectedResource resource, Outcome outcome, String reason, String credentialId) {
        LOG.debug("Refused: {} {}", reason, credentialId);
        try {
            audit.refused(head, resource, outcome, reason, credentialId);
        } catch (AuditUnavailable e) {
            LOG.error("A refusal was not taken down: {}, because of {}", reason, e.toString());
        }
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final List<ResourceMetadata> metadata;
        private final List<CredentialVerifier> verifiers = new ArrayList<>();
        private SenderConstraints constraints = SenderConstraints.none();
        private AuditTrail audit = AuditTrail.NONE;
        private Clock clock = Clock.systemUTC();
        private boolean anonymous;
        private @Nullable Caller local;
        private @Nullable Environment environment;
        private boolean environmentRequired;
        private int maxTokenLength = 8192;
        private Duration admissionsEvery = Duration.ofMinutes(5);

        private Builder(List<ResourceMetadata> metadata) {
            this.metadata = metadata;
        }

        /** Adds a verifier; they are asked in the order in which they were added. */
        public Builder verifier(CredentialVerifier verifier) {
            verifiers.add(verifier);
            return this;
        }

        /** What metadata and challenges say about bound tokens: the constraints that the verifiers have. */
        public Builder constraints(SenderConstraints shared) {
            constraints = shared;
            return this;
        }

        /** Where both outcomes are taken down; nowhere unless set. */
        public Builder audit(AuditTrail trail) {
            audit = trail;
            return this;
        }

        /** How often the admission of one credential is taken down; 5 minutes unless set, zero for each request. */
        public Builder auditAdmissionsEvery(Duration interval) {
            admissionsEvery = interval;
            return this;
        }

        /** Who speaks over stdio. Unless set, nobody may: credentials of such a process come from its environment. */
        public Builder localCaller(Caller caller) {
            if (caller.get(Credential.ATTRIBUTE).isEmpty()) {
                throw new IllegalArgumentException("The local caller has a Credential, of the kind LOCAL");
            }
            local = caller;
            return this;
        }

        /** Admits requests without a credential, as {@link Caller#anonymous()}; what those may do, a policy says. */
        public Builder allowAnonymous() {
            anonymous = true;
            return this;
        }

        /**
         * Where this server runs: credentials that were made for another environment are refused.
         *
         * @param required whether credentials that do not say it are refused, too
         */
        public Builder environment(Environment own, boolean required) {
            environment = own;
            environmentRequired = required;
            return this;
        }

        /** The longest token, in characters; 8192 unless set. */
        public Builder maxTokenLength(int characters) {
            if (characters < 64) {
                throw new IllegalArgumentException("No token has less than 64 characters");
            }
            maxTokenLength = characters;
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        public BearerAuthenticator build() {
            if (verifiers.isEmpty()) {
                throw new IllegalStateException("An authenticator without verifiers would refuse everybody");
            }
            return new BearerAuthenticator(this, audit);
        }
    }
}
