package dev.mortise.security;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.security.access.AccessControl;
import dev.mortise.security.access.AccessRules;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.access.AccessWording;
import dev.mortise.security.access.ApprovalPage;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.access.SealedAccessStore;
import dev.mortise.security.access.SignIn;
import dev.mortise.security.admin.AdministratorApi;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.crypto.Sealer;
import dev.mortise.security.internal.caller.ReservedCallers;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.secret.SecretCheck;
import dev.mortise.security.secret.UnusableSecrets;
import dev.mortise.security.standing.RevocationCheck;
import dev.mortise.security.standing.Standing;
import dev.mortise.security.store.SecurityStores;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.user.Roles;
import dev.mortise.security.user.UserCheck;
import dev.mortise.security.user.UserDirectory;
import dev.mortise.security.user.Users;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Composes {@link Security}. Not thread-safe; a builder makes one. */
public final class SecurityBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(Security.class);

    /** Changes of a directory of a team's own may go unannounced; then this is how late they count. */
    private static final Duration FOREIGN_USERS = Duration.ofSeconds(4);

    private static final Duration OWN_USERS = Duration.ofMinutes(1);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(2);

    private final Environment environment;
    SecurityStores stores = SecurityStores.inMemory();
    Clock clock = Clock.systemUTC();
    Duration pollInterval = Duration.ofSeconds(1);
    private String keyPrefix = "mk";
    private @Nullable Function<ApiKeys, Authenticator> authenticator;
    private Caller local = Caller.local()
            .with(
                    Credential.ATTRIBUTE,
                    new Credential(Credential.Kind.LOCAL, "local", null, SecurityLevel.CRITICAL, null));
    private AuditTrail audit = AuditTrail.NONE;
    private AccessRules rules = AccessRules.STANDARD;
    Roles roles = Roles.none();
    private @Nullable UserDirectory directory;
    private boolean usersRequired;
    private @Nullable SignIn signIn;
    private @Nullable String administration;
    private @Nullable RateLimits limits;
    private @Nullable IdempotentCalls calls;
    private @Nullable SecretCheck secrets;
    private @Nullable Sealer sealer;

    SecurityBuilder(Environment environment) {
        this.environment = environment;
    }

    /** Where keys, users, grants and approvals are kept; in memory unless set, which is for development. */
    public SecurityBuilder stores(SecurityStores newStores) {
        this.stores = newStores;
        return this;
    }

    /** By which people and scanners recognize keys of yours; {@code mk} unless set. */
    public SecurityBuilder keyPrefix(String prefix) {
        this.keyPrefix = prefix;
        return this;
    }

    /**
     * Takes API keys, and access tokens of these issuers, at one endpoint; its metadata are served beside it. What is more
     * than this, {@link #authenticatorOf} takes as {@link BearerAuthenticator} composes it.
     */
    public SecurityBuilder endpoint(ResourceMetadata metadata, TokenIssuer... issuers) {
        authenticatorOf(keys -> bearer(metadata, List.of(issuers), keys));
        return resource(metadata.resource());
    }

    /** Finds out who calls over the network. Without one everybody there is anonymous, and reaches level LOW only. */
    public SecurityBuilder authenticator(Authenticator newAuthenticator) {
        return authenticatorOf(keys -> newAuthenticator);
    }

    /**
     * As {@link #authenticator(Authenticator)}, with the verifier of API keys to be made part of it. The routes of a {@link
     * BearerAuthenticator} are served; do not give it to the server, too.
     *
     * @throws IllegalStateException if there is an authenticator already: one decides
     */
    public SecurityBuilder authenticatorOf(Function<ApiKeys, Authenticator> with) {
        if (authenticator != null) {
            throw new IllegalStateException("There is an authenticator already, of endpoint(…) or authenticator(…):"
                    + " give one BearerAuthenticator, which asks several verifiers");
        }
        this.authenticator = with;
        return this;
    }

    /** Whom the process is that started this one, and speaks to it over stdio; {@link Caller#local()} unless set. */
    public SecurityBuilder local(Caller caller) {
        this.local = caller;
        return this;
    }

    /**
     * Takes down every authentication, decision and approval; nothing does unless set, which is for development. Both outcomes of
     * an authenticator of your own are taken down, too: a {@link BearerAuthenticator} inside it needs no trail. The trail is
     * borrowed: whoever made it gives its health check to {@code Health}, and closes it after the server, whose last decisions
     * it still takes.
     */
    public SecurityBuilder audit(AuditTrail trail) {
        this.audit = trail;
        return this;
    }

    /** The endpoint as its tokens name it; part of every challenge. A {@link BearerAuthenticator} says it by itself. */
    public SecurityBuilder resource(ProtectedResource resource) {
        this.rules = rules.withResource(resource);
        return this;
    }

    /** Which scopes contain others; none unless set. */
    public SecurityBuilder scopes(ScopeHierarchy hierarchy) {
        this.rules = rules.withHierarchy(hierarchy);
        return this;
    }

    /** What the roles of users allow. From then on callers have no scopes that their roles do not give. */
    public SecurityBuilder roles(Roles newRoles) {
        this.roles = newRoles;
        return this;
    }

    /** A directory of your own, instead of the users in the stores. */
    public SecurityBuilder users(UserDirectory newDirectory) {
        this.directory = newDirectory;
        return this;
    }

    /** Refuses callers whom the directory of users does not know. */
    public SecurityBuilder knownUsersOnly() {
        this.usersRequired = true;
        return this;
    }

    /** How long an approval may take, from the request to its use; and how long a step-up lasts. 15 minutes each unless set. */
    public SecurityBuilder approvals(Duration approvalTtl, Duration stepUpTtl) {
        this.rules = rules.lasting(approvalTtl, stepUpTtl);
        return this;
    }

    /**
     * Words of your own for a call that takes an approval, or came before. Unless set, it is told in the language of the
     * server's {@code wording}, by which everything else is told.
     */
    public SecurityBuilder wording(AccessWording wording) {
        this.rules = rules.withWording(wording);
        return this;
    }

    /** Approvals have to come from somebody else than who asks. */
    public SecurityBuilder fourEyes() {
        this.rules = rules.withFourEyes();
        return this;
    }

    /**
     * A page on which people decide, reached by clients that can send their users to one.
     *
     * @param address as browsers know it; its path is served beside the endpoint
     * @param newSignIn how the host finds out who is in front of the browser
     * @param patience how long a call waits for the decision after its user has opened the page
     */
    public SecurityBuilder approvalPage(URI address, SignIn newSignIn, Duration patience) {
        this.signIn = newSignIn;
        this.rules = rules.withPage(address, patience);
        return this;
    }

    /**
     * Serves the administrator API.
     *
     * @param path below which its routes are, such as {@code /admin}
     */
    public SecurityBuilder administration(String path) {
        this.administration = path;
        return this;
    }

    /** Limits calls, and addresses before anybody is asked who he is, also those of the administrator API. */
    public SecurityBuilder limits(RateLimits newLimits) {
        this.limits = newLimits;
        return this;
    }

    /** Carries a call out once that is sent again. */
    public SecurityBuilder idempotentCalls(IdempotentCalls newCalls) {
        this.calls = newCalls;
        return this;
    }

    /** Seals the arguments of calls that wait for an approval in the stores; they lie there in plain text unless set. */
    public SecurityBuilder sealer(Sealer newSealer) {
        this.sealer = newSealer;
        return this;
    }

    /** What secrets there have to be before anything else happens. */
    public SecurityBuilder secrets(SecretCheck check) {
        this.secrets = check;
        return this;
    }

    public SecurityBuilder clock(Clock newClock) {
        this.clock = newClock;
        return this;
    }

    /** How often to look for revocations of other replicas: at most 2 seconds; one second unless set. */
    public SecurityBuilder pollInterval(Duration interval) {
        if (interval.isNegative() || interval.isZero() || interval.compareTo(LONGEST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "pollInterval is at most 2 seconds, so that a revocation counts within 5," + " but is " + interval);
        }
        this.pollInterval = interval;
        return this;
    }

    /**
     * Composes it.
     *
     * @throws IllegalStateException if a setting is only good enough for development and this is production, naming all
     *     such settings
     * @throws UnusableSecrets if secrets are missing or weak, naming all of those
     */
    public Security build() {
        if (secrets != null) {
            secrets.verify();
        }
        Standing standing = new Standing(stores.changes(), System::nanoTime);
        ApiKeys keys = new ApiKeys(keyPrefix, environment, stores.keys(), standing, clock);
        Authenticator given = authenticator == null ? null : authenticator.apply(keys);
        Authenticator network = given instanceof BearerAuthenticator bearer ? bearer.audited(audit) : given;
        List<ProtectedResource> endpoints = endpoints(network);
        refuseDevelopmentDefaults(endpoints);
        if (network instanceof BearerAuthenticator bearer) {
            warnOfTokensForAnywhere(bearer);
        }
        if (!endpoints.isEmpty()) {
            // Of several, callers carry the one that they are at.
            resource(endpoints.getFirst());
        }
        Users users = new Users(stores.users(), clock);
        RevocationCheck revocations = new RevocationCheck(stores.revokedCredentials(), standing);
        UserCheck check = directory == null
                ? new UserCheck(users, standing, usersRequired, OWN_USERS)
                : new UserCheck(directory, standing, usersRequired, FOREIGN_USERS);
        AccessStore store = sealer == null ? stores.access() : new SealedAccessStore(stores.access(), sealer);
        AccessControl access = new AccessControl(rules, store, stores.keys(), standing, audit, clock);
        RoleBounds bounds = new RoleBounds(check, roles, rules.hierarchy());
        AdmissionLog admissions = new AdmissionLog(audit, rules.resource(), clock);
        boolean tellsByItself = network == null || network instanceof BearerAuthenticator;
        Function<Authenticator, Authenticator> checking = found -> guarded(new CheckedAuthenticator(
                found, environment, revocations, check, bounds, rules.resource(), admissions, tellsByItself));
        Authenticator checked = checking.apply(composed(network));
        Authenticator beside = network instanceof BearerAuthenticator bearer
                ? checking.apply(composed(bearer.besideEndpoints()))
                : checked;
        List<McpServer.Plugin> plugins = new ArrayList<>();
        plugins.add(builder -> builder.authenticator(checked));
        Stream.of(calls == null || rules.wording() == null ? calls : calls.worded(rules.wording()), limits)
                .filter(Objects::nonNull)
                .forEach(plugins::add);
        plugins.add(access);
        List<HttpRoute> routes = new ArrayList<>();
        if (network instanceof BearerAuthenticator bearer) {
            routes.addAll(bearer.routes());
        }
        if (signIn != null && rules.page() != null) {
            routes.addAll(
                    new ApprovalPage(access.approvals(), signIn, person -> inGoodStanding(person, bounds), rules, clock)
                            .routes());
        }
        Security security = new Security(
                this, standing, keys, users, access.approvals(), revocations::revoke, beside, plugins(plugins, routes));
        if (administration != null) {
            routes.addAll(
                    new AdministratorApi(administration, beside, security, rules.hierarchy(), audit, clock).routes());
        }
        return security;
    }

    private static List<McpServer.Plugin> plugins(List<McpServer.Plugin> plugins, List<HttpRoute> routes) {
        plugins.add(builder -> routes.forEach(builder::route));
        return plugins;
    }

    private BearerAuthenticator bearer(ResourceMetadata metadata, List<TokenIssuer> issuers, ApiKeys keys) {
        BearerAuthenticator.Builder bearer = BearerAuthenticator.builder(metadata)
                .verifier(keys)
                .environment(environment, false)
                .clock(clock);
        if (!issuers.isEmpty()) {
            JwtVerifier.Builder tokens = JwtVerifier.builder(ProtectedResources.of(metadata.resource()))
                    .clock(clock);
            issuers.forEach(tokens::issuer);
            bearer.verifier(tokens.build());
        }
        return bearer.build();
    }

    /** What is left of somebody who signs in at a page: as of those who show a credential. */
    private static Optional<Caller> inGoodStanding(Caller person, RoleBounds bounds) {
        if (ReservedCallers.contains(person) || !bounds.users().mayGoOn(person)) {
            return Optional.empty();
        }
        return Optional.of(bounds.around(person));
    }

    private void warnOfTokensForAnywhere(BearerAuthenticator bearer) {
        Set<String> issuers = bearer.issuersWithoutEnvironment();
        if (environment.isProduction() && !issuers.isEmpty()) {
            LOG.warn(
                    "Tokens of {} do not say which environment they are for: only the endpoint that they name keeps them"
                            + " from another. ClaimsMapping.environmentFrom(…) demands it",
                    issuers);
        }
    }

    private Authenticator guarded(Authenticator checked) {
        return limits == null ? checked : limits.guard(checked);
    }

    private Authenticator composed(@Nullable Authenticator network) {
        Caller here = local;
        return origin -> {
            if (origin instanceof LocalProcess) {
                return Authenticator.admit(here);
            }
            return network == null ? Authenticator.admit(Caller.anonymous()) : network.authenticate(origin);
        };
    }

    private List<ProtectedResource> endpoints(@Nullable Authenticator network) {
        Stream<ProtectedResource> ofBearer =
                network instanceof BearerAuthenticator bearer ? bearer.resources().all().stream() : Stream.empty();
        return Stream.concat(Stream.ofNullable(rules.resource()), ofBearer)
                .distinct()
                .toList();
    }

    private void refuseDevelopmentDefaults(List<ProtectedResource> endpoints) {
        List<String> wrong = new ArrayList<>();
        if (!stores.isDurable()) {
            wrong.add("stores(…) keeps keys and approvals in memory: give SecurityStores.sql(dataSource).migrate()");
        }
        if (authenticator == null) {
            wrong.add("endpoint(…) or authenticator(…) is not set, so everybody on the network is anonymous");
        }
        if (audit.equals(AuditTrail.NONE)) {
            wrong.add("audit(…) is not set, so nothing that happens can be proved");
        }
        if (rules.page() != null && !"https".equals(rules.page().getScheme())) {
            wrong.add("approvalPage(…) has no https:// address: " + rules.page());
        }
        endpoints.stream()
                .map(ProtectedResource::uri)
                .filter(uri -> !"https".equals(uri.getScheme()))
                .forEach(uri -> wrong.add("resource(…) has no https:// address: " + uri));
        if (wrong.isEmpty()) {
            return;
        }
        String text = String.join("; ", wrong);
        if (environment.isProduction()) {
            throw new IllegalStateException("Security does not start in the environment " + environment + ": " + text);
        }
        LOG.info("Security for development only: {}", text);
    }
}
