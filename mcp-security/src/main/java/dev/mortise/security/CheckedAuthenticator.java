package dev.mortise.security;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.internal.caller.ReservedCallers;
import dev.mortise.security.standing.RevocationCheck;
import dev.mortise.security.user.UserCheck;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds those whom an authenticator admits to what is known of them here: a revoked token, a disabled user, another
 * environment, the name of nobody in particular are refused; roles bound the scopes. Takes down both outcomes of an authenticator
 * that does not do so by itself. Thread-safe.
 */
final class CheckedAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Authenticator inner;
    private final Environment environment;
    private final RevocationCheck revocations;
    private final UserCheck users;
    private final RoleBounds bounds;
    private final @Nullable ProtectedResource resource;
    private final AdmissionLog log;
    private final boolean tellsByItself;

    /** @param tellsByItself whether the authenticator takes down whom it admits and refuses */
    CheckedAuthenticator(
            Authenticator inner,
            Environment environment,
            RevocationCheck revocations,
            UserCheck users,
            RoleBounds bounds,
            @Nullable ProtectedResource resource,
            AdmissionLog log,
            boolean tellsByItself) {
        this.inner = inner;
        this.environment = environment;
        this.revocations = revocations;
        this.users = users;
        this.bounds = bounds;
        this.resource = resource;
        this.log = log;
        this.tellsByItself = tellsByItself;
    }

    @Override
    public Admission authenticate(Origin origin) {
        try {
            return switch (inner.authenticate(origin)) {
                case Admission.Rejected rejected -> {
                    if (!tellsByItself) {
                        log.rejected(origin, rejected.refusal());
                    }
                    yield rejected;
                }
                case Admission.Admitted admitted -> checked(admitted, origin);
            };
        } catch (StoreUnavailable e) {
            LOG.warn("Who calls cannot be found out: refused, {}", e.toString());
            log.failed(origin);
            return Authenticator.reject(new Refusal.DependencyUnavailable("authentication", RETRY));
        } catch (AuditUnavailable e) {
            LOG.warn("Who calls could not be taken down: refused, {}", e.toString());
            return Authenticator.reject(new Refusal.DependencyUnavailable("audit", RETRY));
        } catch (RuntimeException e) {
            log.failed(origin);
            throw e;
        }
    }

    private Admission checked(Admission.Admitted admitted, Origin origin) {
        Caller caller = admitted.caller();
        Credential credential = caller.get(Credential.ATTRIBUTE).orElse(null);
        boolean anonymous = credential == null
                && caller.identity().equals(Caller.anonymous().identity());
        if (origin instanceof LocalProcess || anonymous) {
            return admitted;
        }
        if (ReservedCallers.contains(caller)) {
            // What nobody in particular has open, or the local process was granted, would be theirs.
            return refused(origin, caller, credential, "reserved-subject");
        }
        if (credential != null
                && credential.madeFor().filter(it -> !it.equals(environment)).isPresent()) {
            return refused(origin, caller, credential, "wrong-environment");
        }
        if (!revocations.mayGoOn(caller)) {
            return refused(origin, caller, credential, "revoked");
        }
        if (!users.mayGoOn(caller)) {
            return refused(origin, caller, credential, users.find(caller).isPresent() ? "user-disabled" : "no-user");
        }
        if (!tellsByItself) {
            log.admitted(origin, caller, credential);
        }
        return bounds.roles().isEmpty() ? admitted : Authenticator.admit(bounds.around(caller));
    }

    /** One text for all: whoever was put out learns it from people, not from here. */
    private Admission refused(Origin origin, Caller caller, @Nullable Credential credential, String reason) {
        log.refused(origin, caller, credential, reason);
        ProtectedResource endpoint = caller.get(ProtectedResource.ATTRIBUTE).orElse(resource);
        String challenge = "Bearer error=\"invalid_token\", error_description=\"The credential is not good any more\""
                + (endpoint == null ? "" : ", resource_metadata=\"" + endpoint.metadata() + "\"");
        return Authenticator.reject(
                new Refusal.Unauthenticated("The credential is not good any more", List.of(challenge)));
    }
}
