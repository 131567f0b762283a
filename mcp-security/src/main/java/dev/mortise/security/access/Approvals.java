package dev.mortise.security.access;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.security.Credential;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides on approvals, and gives and takes grants: for administrators, and for pages of the host. Every decision is in the
 * audit log before it counts. Thread-safe; every method may block.
 */
public final class Approvals {
    /** What came of deciding. */
    public enum Result {
        DONE,
        /** There is none, it was decided before, or it has expired. */
        NOT_OPEN,
        /** Whoever asks may not decide, because four eyes are wanted. */
        SAME_PERSON
    }

    /** What came of asking for a decision before a call is made. */
    public sealed interface Requested {
        /** It is asked for now, or was before. If it is {@link Approval.Status#APPROVED}, the call can be made. */
        record Open(Approval approval) implements Requested {}

        /** No decision is taken on this, or the caller has the grant: the call can be made. */
        record NotNeeded() implements Requested {}

        /**
         * What the call itself would be told before anybody is asked: it does not exist, or scopes are missing.
         *
         * @param message the same for a model, in the words of the server
         */
        record Refused(Refusal refusal, String message) implements Requested {}
    }

    private final AccessStore store;
    private final ApprovalRequests requests;
    private final AccessRules rules;
    private final AuditTrail audit;
    private final Clock clock;
    private final Definitions definitions;

    Approvals(
            AccessStore store,
            ApprovalRequests requests,
            AccessRules rules,
            AuditTrail audit,
            Clock clock,
            Definitions definitions) {
        this.store = store;
        this.requests = requests;
        this.rules = rules;
        this.audit = audit;
        this.clock = clock;
        this.definitions = definitions;
    }

    public Optional<Approval> find(String id) {
        return store.approval(id);
    }

    /** As {@link AccessStore#approvals}. */
    public List<Approval> list(
            @Nullable String tenant, Approval.@Nullable Status status, @Nullable String after, int limit) {
        return store.approvals(tenant, status, after, limit);
    }

    /**
     * Asks for the decision that a call will take, before it is made and without making it: for tools of a host by which
     * models ask. The policy is asked as it is by the call; limits and quotas are not. Nothing is used up by asking.
     *
     * @param caller who will make the call: whoever is asking, as the server knows them
     * @param kind a tool, a prompt or a resource
     * @param name or the URI of a resource
     * @param arguments exactly those that the call will have, to the last digit; empty for a resource
     * @throws IllegalStateException before the server is built
     * @throws dev.mortise.security.audit.AuditUnavailable if it cannot be taken down; asking again is safe
     */
    public Requested request(Caller caller, Target.Kind kind, String name, ObjectNode arguments) {
        Requested requested = requests.request(caller, kind, name, arguments);
        switch (requested) {
            case Requested.Open open ->
                record(
                        AuditEvent.Kind.APPROVAL,
                        AuditEvent.Outcome.CHALLENGED,
                        caller,
                        open.approval().id(),
                        "requested",
                        name);
            case Requested.Refused refused ->
                record(AuditEvent.Kind.APPROVAL, AuditEvent.Outcome.DENIED, caller, name, "not-requested", "");
            case Requested.NotNeeded none -> {}
        }
        return requested;
    }

    /** In which people are spoken to; English until the server is built. */
    Language language() {
        RunningServer server = definitions.server();
        return server == null ? Language.ENGLISH : server.wording().language();
    }

    /** Approves what is asked for. Whether the approver may is for the host to know, except for the four eyes. */
    public Result approve(String id, Caller approver) {
        Approval approval = store.approval(id).orElse(null);
        if (approval == null) {
            return Result.NOT_OPEN;
        }
        if (rules.fourEyes() && approval.identity().equals(approver.identity())) {
            record(AuditEvent.Kind.APPROVAL, AuditEvent.Outcome.DENIED, approver, id, "same-person", approval.name());
            return Result.SAME_PERSON;
        }
        return decide(approval, approver, Approval.Status.APPROVED);
    }

    public Result deny(String id, Caller approver) {
        return store.approval(id)
                .map(approval -> decide(approval, approver, Approval.Status.DENIED))
                .orElse(Result.NOT_OPEN);
    }

    private Result decide(Approval approval, Caller approver, Approval.Status decision) {
        Instant now = clock.instant();
        if (approval.status() != Approval.Status.PENDING || !approval.isOpen(now)) {
            return Result.NOT_OPEN;
        }
        boolean yes = decision == Approval.Status.APPROVED;
        Grant grant = yes && approval.purpose() == Approval.Purpose.STEP_UP
                ? new Grant(
                        Ids.random("grt"),
                        approval.identity(),
                        approval.subject(),
                        approval.tenant(),
                        approval.kind(),
                        approval.name(),
                        approval.pin(),
                        approver.identity(),
                        now,
                        now.plus(rules.stepUpTtl()),
                        null)
                : null;
        record(
                AuditEvent.Kind.APPROVAL,
                yes ? AuditEvent.Outcome.ALLOWED : AuditEvent.Outcome.DENIED,
                approver,
                approval.id(),
                yes ? "approved" : "denied",
                approval.name());
        // A step-up is used up by the grant that comes of it.
        Approval.Status status = grant == null ? decision : Approval.Status.USED;
        if (store.decide(approval.id(), status, approver.identity(), now, grant)) {
            return Result.DONE;
        }
        // Somebody else was quicker; what was taken down above did not come to count.
        record(
                AuditEvent.Kind.APPROVAL,
                AuditEvent.Outcome.FAILED,
                approver,
                approval.id(),
                "not-open",
                approval.name());
        return Result.NOT_OPEN;
    }

    /** Takes back what is pending or approved, as long as it is not used. */
    public Result revoke(String id, Caller by) {
        record(AuditEvent.Kind.APPROVAL, AuditEvent.Outcome.DENIED, by, id, "revoked", "");
        return store.revokeApproval(id, by.identity(), clock.instant()) ? Result.DONE : Result.NOT_OPEN;
    }

    /**
     * Lets somebody use something of level HIGH for a time, without being asked.
     *
     * @param whom subject and tenant
     */
    public Grant grant(Caller whom, Target.Kind kind, String name, Duration duration, Caller by) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A grant lasts longer than nothing, but this one is for " + duration);
        }
        Instant now = Instant.ofEpochMilli(clock.millis());
        Grant grant = new Grant(
                Ids.random("grt"),
                whom.identity(),
                whom.subject(),
                whom.tenant().orElse(null),
                kind,
                name,
                definitions.pin(atMost(whom), kind, name),
                by.identity(),
                now,
                now.plus(duration),
                null);
        record(AuditEvent.Kind.GRANT, AuditEvent.Outcome.ALLOWED, by, grant.id(), "granted", name);
        store.add(grant);
        return grant;
    }

    /**
     * Somebody who is named has shown no credential, and would see what is LOW only. Of what overlaps a grant is for what takes
     * one, which is met by who reaches it.
     */
    private static Caller atMost(Caller whom) {
        return whom.get(Credential.ATTRIBUTE).isPresent()
                ? whom
                : whom.with(
                        Credential.ATTRIBUTE,
                        new Credential(Credential.Kind.LOCAL, "none", null, SecurityLevel.CRITICAL, null));
    }

    public Result revokeGrant(String id, Caller by) {
        record(AuditEvent.Kind.GRANT, AuditEvent.Outcome.DENIED, by, id, "revoked", "");
        return store.revokeGrant(id, clock.instant()) ? Result.DONE : Result.NOT_OPEN;
    }

    public Optional<Grant> findGrant(String id) {
        return store.grant(id);
    }

    /** As {@link AccessStore#grants}. */
    public List<Grant> grants(@Nullable String tenant, @Nullable String after, int limit) {
        return store.grants(tenant, after, limit);
    }

    private void record(
            AuditEvent.Kind kind, AuditEvent.Outcome outcome, Caller by, String id, String reason, String name) {
        audit.record(new AuditEvent(
                clock.instant(),
                kind,
                outcome,
                by.subject(),
                by.tenant().orElse(null),
                by.get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                null,
                id,
                null,
                reason,
                null,
                null,
                name.isEmpty() ? Map.of() : Map.of("name", name)));
    }
}
