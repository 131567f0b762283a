package dev.mortise.security.admin;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.Credential;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.ApprovalPage;
import dev.mortise.security.access.Approvals;
import dev.mortise.security.access.Grant;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.key.StoredKey;
import dev.mortise.security.user.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys, users, grants and approvals as JSON over HTTP. An administrator with a tenant sees and changes what is that
 * tenant's; to them the rest does not exist. One without a tenant administers all. Nobody gives what they do not have.
 * Thread-safe.
 *
 * <p>Lists are {@code GET} with {@code after} and {@code limit}; everything else is {@code POST} with a JSON object.
 */
public final class AdministratorApi {
    /** The scope of administrators. Those who only decide on approvals need {@link ApprovalPage#APPROVE}. */
    public static final String ADMIN = "mortise:admin";

    private static final long YEAR_SECONDS = Duration.ofDays(366).toSeconds();

    private final AdminRoutes routes;
    private final Security security;
    private final ScopeHierarchy hierarchy;
    private final Clock clock;

    public AdministratorApi(
            String base,
            Authenticator authenticator,
            Security security,
            ScopeHierarchy hierarchy,
            AuditTrail audit,
            Clock clock) {
        this.routes = new AdminRoutes(base, authenticator, hierarchy, audit, clock);
        this.security = security;
        this.hierarchy = hierarchy;
        this.clock = clock;
    }

    public List<HttpRoute> routes() {
        return List.of(
                routes.get("/approvals", ApprovalPage.APPROVE, this::approvals),
                routes.post("/approvals/decide", ApprovalPage.APPROVE, this::decide),
                routes.get("/grants", ADMIN, this::grants),
                routes.post("/grants", ADMIN, this::grant),
                routes.post("/grants/revoke", ADMIN, this::revokeGrant),
                routes.get("/keys", ADMIN, this::keys),
                routes.post("/keys", ADMIN, this::issue),
                routes.post("/keys/rotate", ADMIN, this::rotate),
                routes.post("/keys/revoke", ADMIN, this::revokeKey),
                routes.get("/users", ADMIN, this::users),
                routes.post("/users", ADMIN, this::createUser),
                routes.post("/users/change", ADMIN, this::changeUser),
                routes.post("/tokens/revoke", ADMIN, this::revokeToken));
    }

    private static @Nullable String tenant(Caller administrator) {
        return administrator.tenant().orElse(null);
    }

    /** The tenant that something is for: the administrator's own, or for one without, what they say. */
    private static @Nullable String tenantFor(Caller administrator, AdminRoutes.Input input) {
        String own = tenant(administrator);
        String wanted = input.textOr("tenant", own);
        if (own != null && !own.equals(wanted)) {
            throw new IllegalArgumentException("tenant must be your own");
        }
        return wanted;
    }

    private static boolean isTheirs(Caller administrator, @Nullable String tenant) {
        String own = tenant(administrator);
        return own == null || own.equals(tenant);
    }

    private static <T> T theirs(Caller administrator, Optional<T> found, Function<T, @Nullable String> tenant) {
        return found.filter(thing -> isTheirs(administrator, tenant.apply(thing)))
                .orElseThrow(AdminRoutes.NotFound::new);
    }

    private static <T> ObjectNode list(AdminRoutes.Input input, Lister<T> lister, Function<T, ObjectNode> json) {
        int limit = (int) input.number("limit", 1, 1_000, 100);
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        lister.list(input.textOr("after", null), limit).forEach(item -> items.add(json.apply(item)));
        return answer;
    }

    private interface Lister<T> {
        List<T> list(@Nullable String after, int limit);
    }

    private ObjectNode approvals(Caller administrator, AdminRoutes.Input input) {
        String status = input.textOr("status", null);
        Approval.Status wanted = status == null ? null : constant(Approval.Status.class, "status", status);
        return list(
                input,
                (after, limit) -> security.approvals().list(tenant(administrator), wanted, after, limit),
                approval -> json(approval.shown()));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String name, String value) {
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " must be one of " + List.of(type.getEnumConstants()), e);
        }
    }

    private ObjectNode decide(Caller administrator, AdminRoutes.Input input) {
        String id = input.text("id");
        Approval approval = theirs(administrator, security.approvals().find(id), Approval::tenant);
        Approvals.Result result = switch (input.text("decision")) {
            case "approve" -> {
                requireOther(administrator, approval.identity());
                requireReach(
                        administrator,
                        approval.purpose() == Approval.Purpose.STEP_UP ? SecurityLevel.HIGH : SecurityLevel.CRITICAL);
                yield security.approvals().approve(id, administrator);
            }
            case "deny" -> security.approvals().deny(id, administrator);
            case "revoke" -> security.approvals().revoke(id, administrator);
            default -> throw new IllegalArgumentException("decision must be approve, deny or revoke");
        };
        return done(result);
    }

    /**
     * What is asked for and approved with one credential is approved by nobody: it may be stolen, or a model's. Whoever
     * decides on requests of their own does so on the page, where they sign in again.
     */
    private static void requireOther(Caller administrator, String identity) {
        if (administrator.identity().equals(identity)) {
            throw new AdminRoutes.Conflict(
                    "Nobody approves what they ask for here: use the page, or ask somebody else");
        }
    }

    private static void requireReach(Caller administrator, SecurityLevel level) {
        boolean reaches = administrator
                .get(Credential.ATTRIBUTE)
                .filter(credential -> credential.reach().reaches(level))
                .isPresent();
        if (!reaches) {
            throw new IllegalArgumentException("This takes a credential that reaches " + level + " itself");
        }
    }

    private static ObjectNode done(Approvals.Result result) {
        return switch (result) {
            case DONE -> Json.object();
            case NOT_OPEN -> throw new AdminRoutes.Conflict("It is decided, used or expired");
            case SAME_PERSON -> throw new AdminRoutes.Conflict("Somebody else than who asks has to approve this");
        };
    }

    private ObjectNode grants(Caller administrator, AdminRoutes.Input input) {
        return list(
                input,
                (after, limit) -> security.approvals().grants(tenant(administrator), after, limit),
                AdministratorApi::json);
    }

    private ObjectNode grant(Caller administrator, AdminRoutes.Input input) {
        String tenant = tenantFor(administrator, input);
        Caller subject = Caller.of(input.text("subject"));
        Caller whom = tenant == null ? subject : subject.withTenant(tenant);
        requireOther(administrator, whom.identity());
        requireReach(administrator, SecurityLevel.HIGH);
        Target.Kind kind = constant(Target.Kind.class, "kind", Objects.requireNonNull(input.textOr("kind", "tool")));
        Duration duration = Duration.ofSeconds(input.number("seconds", 1, YEAR_SECONDS, 900));
        return json(security.approvals().grant(whom, kind, input.text("name"), duration, administrator));
    }

    private ObjectNode revokeGrant(Caller administrator, AdminRoutes.Input input) {
        String id = input.text("id");
        theirs(administrator, security.approvals().findGrant(id), Grant::tenant);
        return done(security.approvals().revokeGrant(id, administrator));
    }

    private ObjectNode keys(Caller administrator, AdminRoutes.Input input) {
        return list(input, (after, limit) -> security.keys().list(tenant(administrator), after, limit), this::json);
    }

    private ObjectNode issue(Caller administrator, AdminRoutes.Input input) {
        String[] scopes = input.textsOrNull("scopes");
        String[] tools = input.textsOrNull("tools");
        long seconds = input.number("seconds", 1, 10 * YEAR_SECONDS, 0);
        long spend = input.number("spend", 0, Long.MAX_VALUE, -1);
        SecurityLevel reach =
                constant(SecurityLevel.class, "reach", Objects.requireNonNull(input.textOr("reach", "medium")));
        KeyLimits limits = new KeyLimits(
                scopes == null ? Set.of() : Set.of(scopes),
                reach,
                tools == null ? null : Set.of(tools),
                spend < 0 ? null : (Long) spend,
                seconds == 0 ? null : Instant.ofEpochMilli(clock.millis()).plusSeconds(seconds));
        String label = Objects.requireNonNull(input.textOr("label", ""));
        String parent = input.textOr("parent", null);
        requireWithin(administrator, limits);
        if (parent != null) {
            theirs(administrator, security.keys().find(parent), StoredKey::tenant);
            return shown(security.keys().child(parent, label, limits));
        }
        return shown(security.keys().issue(input.text("subject"), tenantFor(administrator, input), label, limits));
    }

    private void requireWithin(Caller administrator, KeyLimits limits) {
        requireReach(administrator, limits.reach());
        if (!mayGive(administrator, limits.scopes())) {
            throw new IllegalArgumentException("scopes must be scopes that you have");
        }
    }

    /** Whoever administers all tenants cannot be expected to hold the scopes of all. */
    private boolean mayGive(Caller administrator, Set<String> scopes) {
        return tenant(administrator) == null || hierarchy.grantsAll(administrator.scopes(), scopes);
    }

    /** Roles bound what credentials may do, so that giving one is giving scopes: also to oneself. */
    private Set<String> roles(Caller administrator, String[] names) {
        Set<String> roles = Set.of(names);
        if (!mayGive(administrator, security.roles().scopesOf(roles))) {
            throw new IllegalArgumentException("roles must not allow more than you may yourself");
        }
        return roles;
    }

    private ObjectNode rotate(Caller administrator, AdminRoutes.Input input) {
        StoredKey key = theirs(administrator, security.keys().find(input.text("id")), StoredKey::tenant);
        requireWithin(administrator, key.limits());
        Duration overlap = Duration.ofSeconds(input.number("overlapSeconds", 0, YEAR_SECONDS, 86_400));
        return shown(security.keys().rotate(key.id(), overlap));
    }

    private ObjectNode revokeKey(Caller administrator, AdminRoutes.Input input) {
        StoredKey key = theirs(administrator, security.keys().find(input.text("id")), StoredKey::tenant);
        if (!security.keys().revoke(key.id())) {
            throw new AdminRoutes.Conflict("It was revoked before");
        }
        return Json.object();
    }

    private ObjectNode users(Caller administrator, AdminRoutes.Input input) {
        return list(
                input,
                (after, limit) -> security.users().list(tenant(administrator), after, limit),
                AdministratorApi::json);
    }

    private ObjectNode createUser(Caller administrator, AdminRoutes.Input input) {
        String[] roles = input.textsOrNull("roles");
        return json(security.users()
                .create(
                        input.text("subject"),
                        tenantFor(administrator, input),
                        Objects.requireNonNull(input.textOr("name", "")),
                        roles == null ? Set.of() : roles(administrator, roles)));
    }

    private ObjectNode changeUser(Caller administrator, AdminRoutes.Input input) {
        String subject = input.text("subject");
        String tenant = tenantFor(administrator, input);
        User user = security.users().find(subject, tenant).orElseThrow(AdminRoutes.NotFound::new);
        String[] roles = input.textsOrNull("roles");
        if (roles != null) {
            security.users().assign(user.subject(), tenant, roles(administrator, roles));
        }
        switch (Objects.requireNonNull(input.textOr("state", ""))) {
            case "" -> {}
            case "disabled" -> security.users().disable(user.subject(), tenant);
            case "enabled" -> security.users().enable(user.subject(), tenant);
            default -> throw new IllegalArgumentException("state must be enabled or disabled");
        }
        return json(security.users().find(subject, tenant).orElseThrow(AdminRoutes.NotFound::new));
    }

    private ObjectNode revokeToken(Caller administrator, AdminRoutes.Input input) {
        if (tenant(administrator) != null) {
            // An id says nothing about whose token it is.
            throw new IllegalArgumentException("Only an administrator of all tenants revokes tokens; disable the user");
        }
        Duration until = Duration.ofSeconds(input.number("seconds", 1, YEAR_SECONDS, YEAR_SECONDS));
        security.revokeToken(input.text("id"), clock.instant().plus(until));
        return Json.object();
    }

    private ObjectNode shown(IssuedKey issued) {
        return json(issued.key()).put("secret", issued.secret());
    }

    private ObjectNode json(StoredKey key) {
        KeyLimits limits = key.limits();
        ObjectNode node = Json.object()
                .put("id", key.id())
                .put("environment", key.environment())
                .put("subject", key.subject())
                .put("tenant", key.tenant())
                .put("label", key.label())
                .put("reach", limits.reach().name())
                .put("spend", limits.spend())
                .put(
                        "spent",
                        limits.spend() == null ? null : (Long) security.keys().spent(key.id()))
                .put("parent", key.parent())
                .put("createdAt", key.createdAt().toString())
                .put("expiresAt", text(limits.expiresAt()))
                .put("revokedAt", text(key.revokedAt()))
                .put("lastUsedAt", text(key.lastUsedAt()));
        limits.scopes().stream().sorted().forEach(node.putArray("scopes")::add);
        if (limits.tools() != null) {
            limits.tools().stream().sorted().forEach(node.putArray("tools")::add);
        }
        return node;
    }

    private static ObjectNode json(User user) {
        ObjectNode node = Json.object()
                .put("id", user.identity())
                .put("subject", user.subject())
                .put("tenant", user.tenant())
                .put("name", user.name())
                .put("createdAt", user.createdAt().toString())
                .put("disabledAt", text(user.disabledAt()));
        user.roles().stream().sorted().forEach(node.putArray("roles")::add);
        return node;
    }

    private static ObjectNode json(Grant grant) {
        return Json.object()
                .put("id", grant.id())
                .put("subject", grant.subject())
                .put("tenant", grant.tenant())
                .put("kind", grant.kind().name())
                .put("name", grant.name())
                .put("by", grant.by())
                .put("createdAt", grant.createdAt().toString())
                .put("expiresAt", grant.expiresAt().toString())
                .put("revokedAt", text(grant.revokedAt()));
    }

    private static ObjectNode json(Approval approval) {
        return Json.object()
                .put("id", approval.id())
                .put("purpose", approval.purpose().name())
                .put("subject", approval.subject())
                .put("tenant", approval.tenant())
                .put("kind", approval.kind().name())
                .put("name", approval.name())
                .put("arguments", approval.arguments())
                .put("digest", approval.digest())
                .put("status", approval.status().name())
                .put("createdAt", approval.createdAt().toString())
                .put("expiresAt", approval.expiresAt().toString())
                .put("by", approval.by())
                .put("decidedAt", text(approval.decidedAt()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
