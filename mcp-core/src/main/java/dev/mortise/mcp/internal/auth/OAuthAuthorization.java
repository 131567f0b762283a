package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.client.auth.TokenStore;
import dev.mortise.mcp.internal.text.Excerpt;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authorizes the requests to one server (basic/authorization). One thread at a time gets tokens, for all that wait; and
 * in all processes that share a store, one process. A request that was answered 401 says which token it was sent with,
 * so that one that is late causes nothing.
 */
public final class OAuthAuthorization implements HttpAuthorization {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthAuthorization.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SHOWN = 200;
    /** Tokens are renewed this long before they end, so that they do not end on their way. */
    private static final Duration EARLY = Duration.ofSeconds(20);

    /** After an early renewal failed, the next one waits this long; meanwhile the server says whether it is needed. */
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Settings settings;
    private final Grant grant;
    private final Vault vault;
    private final Fetcher fetcher;
    private final Discovery discovery;
    private final TokenEndpoint endpoint;
    private final Nonces nonces = new Nonces();
    private final AuthorizationLimits limits;
    private final BoundOrigin origin = new BoundOrigin();

    private final SingleFlight flight = new SingleFlight();
    private volatile @Nullable Tokens tokens;
    private volatile @Nullable DpopKey key;
    private volatile @Nullable FailedRenewal failedRenewal;
    private volatile boolean loaded;
    /** Whether the server took the tokens at hand. */
    private volatile boolean accepted;

    private Optional<Discovery.Found> lastFound = Optional.empty();

    public OAuthAuthorization(Settings settings, Grant grant) {
        this.settings = settings;
        this.grant = grant;
        this.vault = new Vault(settings.store(), grant.name() + ":" + settings.account());
        UrlGuard guard = new UrlGuard(settings.privateNetwork(), settings.plainHttp());
        this.fetcher = new Fetcher(settings.client(), guard, settings.deadline());
        this.discovery = new Discovery(fetcher);
        this.endpoint = new TokenEndpoint(fetcher, nonces, settings.clock());
        this.limits = new AuthorizationLimits(settings.clock());
        settings.server().ifPresent(origin::covers);
    }

    @Override
    public Map<String, String> fields(Request request) throws IOException {
        if (!origin.covers(request.target())) {
            return Map.of();
        }
        fetcher.guard().checkTransport(request.target());
        load();
        Tokens current = tokens;
        if (current == null) {
            return Map.of();
        }
        if (current.refresh().isPresent() && endsSoon(current)) {
            current = renewedEarly(current);
        }
        return credential(current, request);
    }

    private Map<String, String> credential(Tokens current, Request request) throws IOException {
        if (!current.bound()) {
            return Map.of("Authorization", "Bearer " + current.access());
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Authorization", "DPoP " + current.access());
        fields.put(
                "DPoP",
                keyOfTokens()
                        .proof(
                                request.method(),
                                request.target(),
                                current.access(),
                                nonces.at(request.target()),
                                settings.clock().instant()));
        return fields;
    }

    @Override
    public Verdict answered(
            Request request, Map<String, String> sent, int status, Function<String, List<String>> fields)
            throws IOException {
        if (!origin.covers(request.target())) {
            return Verdict.ACCEPT;
        }
        nonces.learn(request.target(), orNone(fields.apply(Nonces.FIELD)));
        List<Challenge> challenges = status == UNAUTHORIZED || status == FORBIDDEN
                ? Challenge.parse(orNone(fields.apply("WWW-Authenticate")))
                : List.of();
        Optional<Challenge> challenge = Challenge.forTokens(challenges);
        @Nullable String used = token(sent);
        if (status == UNAUTHORIZED && (challenge.isPresent() || challenges.isEmpty())) {
            if (wantsNonce(challenges, sent, request.target())) {
                return Verdict.SEND_AGAIN;
            }
            return alone(() -> unauthorized(server(), used, challenge));
        }
        Optional<Challenge> scopes = challenges.stream()
                .filter(each -> each.hasError("insufficient_scope"))
                .findFirst();
        if (status == FORBIDDEN && used != null && scopes.isPresent()) {
            return alone(() -> stepUp(server(), used, scopes.get()));
        }
        Tokens current = tokens;
        if (status != UNAUTHORIZED && current != null && current.access().equals(used)) {
            accepted = true;
        }
        return Verdict.ACCEPT;
    }

    private boolean wantsNonce(List<Challenge> challenges, Map<String, String> sent, URI target) {
        return sent.containsKey("DPoP")
                && nonces.at(target).isPresent()
                && challenges.stream()
                        .anyMatch(each -> each.scheme().equals("dpop") && each.hasError("use_dpop_nonce"));
    }

    /** The server does not take the token, or there was none. */
    private Verdict unauthorized(URI server, @Nullable String used, Optional<Challenge> challenge) throws IOException {
        adopt(used);
        Tokens current = tokens;
        if (current != null && !current.access().equals(used)) {
            return Verdict.SEND_AGAIN;
        }
        noteAccepted();
        Discovery.Found found = discovery.find(server, challenge, preferredIssuer(current));
        lastFound = Optional.of(found);
        boolean sameIssuer =
                current != null && current.issuer().equals(found.server().issuer());
        if (current != null && sameIssuer && isFresh(current)) {
            forget();
            throw new AuthorizationException(
                    Reason.REJECTED, "The server " + server + " refuses the token that was obtained for it just now");
        }
        if (current != null
                && sameIssuer
                && refreshHelps(current)
                && refreshed(current, scene(found, current.bound()))) {
            return Verdict.SEND_AGAIN;
        }
        Set<String> before = current != null && sameIssuer ? current.scopes() : Set.of();
        Set<String> challenged = challenge.map(Challenge::scopes).orElse(Set.of());
        authorize(found, Scopes.select(settings.scopes(), before, challenged, found.scopes()), challenged);
        return Verdict.SEND_AGAIN;
    }

    /** The server takes the token, but not for this. */
    private Verdict stepUp(URI server, String used, Challenge challenge) throws IOException {
        adopt(used);
        Tokens current = tokens;
        if (current == null || !current.access().equals(used)) {
            return Verdict.SEND_AGAIN;
        }
        noteAccepted();
        Optional<Discovery.Found> known = foundFor(current.issuer());
        Discovery.Found found = known.isPresent()
                ? known.get()
                : discovery.find(server, Optional.of(challenge), preferredIssuer(current));
        lastFound = Optional.of(found);
        Set<String> challenged = challenge.scopes();
        Set<String> wanted = Scopes.select(settings.scopes(), current.scopes(), challenged, found.scopes());
        if (wanted.equals(current.scopes())) {
            limits.repeat(wanted, server.toString());
        }
        authorize(found, wanted, challenged);
        return Verdict.SEND_AGAIN;
    }

    private void authorize(Discovery.Found found, Set<String> wanted, Set<String> challenged) throws IOException {
        limits.spend(grant.asksUser(), server().toString());
        List<String> ofServer = found.server().scopes();
        Set<String> scopes = Scopes.forRefresh(wanted, challenged, ofServer, grant.asksUser());
        Scene scene = scene(found, false);
        LOG.debug("Authorizing for {} at {}", server(), found.server().issuer());
        try {
            Grant.Granted granted = grant.obtain(scene, scopes);
            use(TokenAnswer.read(scene, granted, scopes, Tokens.Origin.AUTHORIZED, settings.mustBind()));
        } catch (AuthorizationException e) {
            if (e.reason() == Reason.UNAVAILABLE) {
                limits.notTheServersDoing();
            }
            throw e;
        }
    }

    /** Whether the server has had its chance with tokens that were obtained for it, and did not take them. */
    private boolean isFresh(Tokens current) {
        return current.origin() == Tokens.Origin.AUTHORIZED
                && !accepted
                && !current.expiredAt(settings.clock().instant());
    }

    /** Whether a refresh is worth a try: not where its result was refused just now. */
    private boolean refreshHelps(Tokens current) {
        return current.refresh().isPresent() && (current.origin() != Tokens.Origin.REFRESHED || accepted);
    }

    /** Whether there are fresh tokens now; if not, the refresh token is of no use any more. */
    private boolean refreshed(Tokens current, Scene scene) throws IOException {
        Optional<Client> client = grant.known(scene).filter(each -> each.id().equals(current.clientId()));
        if (client.isEmpty()) {
            return false;
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", current.refresh().orElseThrow());
        form.put("resource", current.resource());
        try {
            Document answer = scene.endpoint().ask(scene.destination(client.get()), form, scene.key());
            Grant.Granted granted = new Grant.Granted(answer, client.get());
            Tokens fresh = TokenAnswer.read(
                    scene, granted, current.scopes(), Tokens.Origin.REFRESHED, settings.mustBind() || current.bound());
            use(fresh.refresh().isPresent() ? fresh : fresh.withRefresh(current.refresh()));
            return true;
        } catch (AuthorizationException e) {
            if (e.reason() == Reason.UNAVAILABLE) {
                throw e;
            }
            LOG.debug("{} refused to refresh: {}", current.issuer(), e.error().orElse("no code"));
            if (client.get().dynamic()
                    && e.error().filter("invalid_client"::equals).isPresent()) {
                vault.forgetRegistration(current.issuer());
            }
            keep(current.withRefresh(Optional.empty()));
            return false;
        }
    }

    /**
     * The token is about to end, or has. What fails here never keeps the request back: the old token goes with it, and
     * if the server does not take it, its answer starts over, with whatever authorization server it names today. It
     * fails inside the flight, so that nobody who waits fails with it.
     */
    private Tokens renewedEarly(Tokens old) throws IOException {
        if (notRenewed(old)) {
            return old;
        }
        alone(() -> {
            adopt(old.access());
            Tokens current = tokens;
            if (current != null
                    && current.access().equals(old.access())
                    && current.refresh().isPresent()
                    && !notRenewed(current)) {
                try {
                    refreshed(current, sceneOf(current));
                } catch (AuthorizationException e) {
                    LOG.debug("No early renewal for {}: {}", server(), e.getMessage());
                    failedRenewal = new FailedRenewal(
                            old.access(), settings.clock().instant().plus(AGAIN));
                }
            }
            return Verdict.SEND_AGAIN;
        });
        Tokens current = tokens;
        return current != null ? current : old;
    }

    private boolean notRenewed(Tokens old) {
        FailedRenewal failed = failedRenewal;
        return failed != null
                && failed.access().equals(old.access())
                && settings.clock().instant().isBefore(failed.again());
    }

    /** Not every request tries what has just failed. */
    private record FailedRenewal(String access, Instant again) {
        @Override
        public String toString() {
            return "FailedRenewal[" + again + "]";
        }
    }

    private Optional<Discovery.Found> foundFor(String issuer) {
        return lastFound.filter(found -> found.server().issuer().equals(issuer));
    }

    private Scene sceneOf(Tokens current) throws IOException {
        Optional<Discovery.Found> known = foundFor(current.issuer());
        if (known.isPresent()) {
            return scene(known.get(), current.bound());
        }
        ServerMetadata metadata = discovery.server(current.issuer(), server());
        Discovery.Found found = new Discovery.Found(current.resource(), Optional.empty(), current.bound(), metadata);
        return scene(found, current.bound());
    }

    /** @param bound whether the tokens at hand are bound to the key, so that it has to be shown in any case */
    private Scene scene(Discovery.Found found, boolean bound) throws IOException {
        requireStatedIssuer(found.server().issuer());
        boolean bind =
                bound || settings.mustBind() || (found.dpop() && found.server().bindsTokens());
        if (settings.mustBind() && !found.server().bindsTokens()) {
            throw new AuthorizationException(
                    Reason.UNSUPPORTED,
                    "The authorization server " + found.server().issuer() + " does not say that it binds tokens with "
                            + DpopKey.ALGORITHM + " (dpop_signing_alg_values_supported)");
        }
        Optional<DpopKey> used = bind ? Optional.of(dpopKey()) : Optional.empty();
        return new Scene(server(), found, vault, fetcher, endpoint, used, settings.clock());
    }

    /** Everything that is sent to an authorization server, needs a scene; so this is where the wrong ones end. */
    private void requireStatedIssuer(String actual) throws AuthorizationException {
        Optional<String> stated = settings.issuer();
        if (stated.isPresent() && !stated.get().equals(actual)) {
            throw new AuthorizationException(
                    Reason.ISSUER_MISMATCH,
                    "The server " + server() + " names the authorization server " + Excerpt.of(actual, SHOWN)
                            + ", but this client authorizes at " + stated.get() + " alone");
        }
    }

    /** Outside of what is done alone; the key is there, unless somebody removed it from the store. */
    private DpopKey keyOfTokens() throws IOException {
        DpopKey known = key;
        return known != null ? known : alone(this::dpopKey);
    }

    private DpopKey dpopKey() throws IOException {
        DpopKey known = key;
        if (known == null) {
            known = vault.dpopKey(Uris.canonical(server()));
            key = known;
        }
        return known;
    }

    /** What another process has stored meanwhile is as good as what this one would get. */
    private void adopt(@Nullable String used) throws IOException {
        Optional<Tokens> stored = vault.tokens(Uris.canonical(server()));
        if (stored.isPresent() && !stored.get().access().equals(used) && !endsSoon(stored.get())) {
            Tokens current = tokens;
            if (current == null || !current.access().equals(stored.get().access())) {
                tokens = stored.get();
                accepted = false;
            }
        }
    }

    private void load() throws IOException {
        if (!loaded) {
            alone(() -> {
                if (!loaded) {
                    tokens = vault.tokens(Uris.canonical(server())).orElse(null);
                    loaded = true;
                }
                return loaded;
            });
        }
    }

    /** Stored before they are used: a refresh token that was rotated away is of no use after a crash. */
    private void use(Tokens fresh) throws IOException {
        keep(fresh);
        accepted = false;
    }

    private void keep(Tokens changed) throws IOException {
        tokens = changed;
        loaded = true;
        vault.save(changed);
    }

    private void forget() throws IOException {
        tokens = null;
        vault.forgetTokens(Uris.canonical(server()));
    }

    private void noteAccepted() {
        if (accepted) {
            limits.accepted();
        }
    }

    private boolean endsSoon(Tokens current) {
        return current.expiredAt(settings.clock().instant().plus(EARLY));
    }

    private Optional<String> preferredIssuer(@Nullable Tokens current) {
        Optional<String> configured = settings.issuer();
        return configured.isPresent() || current == null ? configured : Optional.of(current.issuer());
    }

    private URI server() {
        URI bound = origin.server();
        if (bound == null) {
            throw new IllegalStateException("No request was made yet");
        }
        return bound;
    }

    private static List<String> orNone(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }

    private static @Nullable String token(Map<String, String> sent) {
        String field = sent.get("Authorization");
        return field == null ? null : field.substring(field.indexOf(' ') + 1);
    }

    /** One thread of this process, and one process of those that share the store. */
    private <T> T alone(TokenStore.Work<T> work) throws IOException {
        Duration patience = settings.patience();
        return flight.run(patience, () -> vault.renewing(Uris.canonical(server()), patience, work));
    }

    @Override
    public String toString() {
        return "OAuth[" + origin.server() + "]";
    }
}
