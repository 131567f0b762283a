package dev.mortise.security.access;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds calls of level HIGH to a step-up grant, and those of level CRITICAL to an approval of this very call, which the
 * store uses up at the moment it lets the call pass. Grants are asked for behind the policy, at the same stage; approvals
 * only where nothing but the charge and the call itself is left, because a repeated call that is answered with the first
 * result needs none, and one that is over a limit would waste it. A client that can send its user to a page is asked to;
 * others are told what is missing, and call again. Thread-safe.
 */
final class ApprovalGate {
    private static final Set<String> ASKING = Set.of("tools/call", "prompts/get", "resources/read");
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** On a call that came as far as to the question of its approval. */
    private static final Attribute<Boolean> REACHED =
            Attribute.of("dev.mortise.security.access.reached", Boolean.class);

    /** On a call that nothing has refused before its handler. */
    private static final Attribute<Boolean> BEGUN = Attribute.of("dev.mortise.security.access.begun", Boolean.class);

    private final AccessStore store;
    private final ApprovalRequests requests;
    private final Grants grants;
    private final Definitions definitions;
    private final AccessRules rules;
    private final DecisionLog log;
    private final Clock clock;
    private final UndeclaredLevels undeclared = new UndeclaredLevels();

    ApprovalGate(
            AccessStore store,
            ApprovalRequests requests,
            Grants grants,
            Definitions definitions,
            AccessRules rules,
            DecisionLog log,
            Clock clock) {
        this.store = store;
        this.requests = requests;
        this.grants = grants;
        this.definitions = definitions;
        this.rules = rules;
        this.log = log;
        this.clock = clock;
    }

    /** At AUTHORIZE: grants. */
    Outcome grants(Call call, Interceptor.Chain chain) {
        Target target = call.target();
        if (target.kind() == Target.Kind.NONE) {
            return chain.proceed(call);
        }
        return switch (AccessPolicy.level(target.attributes())) {
            case LOW, MEDIUM -> allowed(call, chain, "allowed", Map.of());
            case HIGH -> {
                String pin = definitions.pin(call.caller(), target);
                // Remembered, or given a moment ago.
                yield grants.has(call.caller(), target, pin) || grants.hasNow(call.caller(), target, pin)
                        ? allowed(call, chain, "granted", Map.of())
                        : asked(call, chain, requests.of(call, Approval.Purpose.STEP_UP, pin));
            }
            case CRITICAL -> beforeItsApproval(call, chain);
        };
    }

    /** What is answered on the way to the question of an approval is taken down, too: a first result, a limit. */
    private Outcome beforeItsApproval(Call call, Interceptor.Chain chain) {
        Outcome outcome = chain.proceed(call);
        if (call.get(REACHED).isPresent()) {
            return outcome;
        }
        AuditEvent event = outcome instanceof Outcome.Refused
                ? log.event(call, AuditEvent.Outcome.FAILED, "refused-before-approval", Map.of())
                : log.event(call, AuditEvent.Outcome.ALLOWED, "repeated", Map.of());
        return log.record(call, event).<Outcome>map(Outcome.Refused::new).orElse(outcome);
    }

    /** At LIMIT, behind the limits themselves: approvals. */
    Outcome approvals(Call call, Interceptor.Chain chain) {
        Target target = call.target();
        if (target.kind() == Target.Kind.NONE || AccessPolicy.level(target.attributes()) != SecurityLevel.CRITICAL) {
            return chain.proceed(call);
        }
        call.set(REACHED, true);
        Approval wanted = requests.of(call, Approval.Purpose.CALL, definitions.pin(call.caller(), target));
        Approval used = store.usedBy(call.id()).orElse(null);
        if (used == null) {
            return asked(call, chain, wanted);
        }
        // A later round of a call that was approved: each round passes once.
        return used.asksTheSameAs(wanted) && store.use(used.id(), call.id(), call.round(), clock.instant())
                ? allowed(call, chain, "approved", Map.of("approval", used.id()))
                : challenged(call, "used-up", rules.words(call).usedUp(), used.id());
    }

    /** Takes note of a call that gets as far as to be carried out. */
    static Outcome begun(Call call, Interceptor.Chain chain) {
        // Of others nobody asks.
        if (AccessPolicy.level(call.target().attributes()) == SecurityLevel.CRITICAL) {
            call.set(BEGUN, true);
        }
        return chain.proceed(call);
    }

    private Outcome allowed(Call call, Interceptor.Chain chain, String reason, Map<String, String> details) {
        if (log.isOff()) {
            return chain.proceed(call);
        }
        AuditEvent event = log.event(call, AuditEvent.Outcome.ALLOWED, reason, details);
        Optional<Refusal> refusal = log.record(call, event);
        return refusal.<Outcome>map(Outcome.Refused::new).orElseGet(() -> chain.proceed(call));
    }

    private Outcome challenged(Call call, String reason, String message, @Nullable String approval) {
        Map<String, String> details = approval == null ? Map.of() : Map.of("approval", approval);
        AuditEvent event = log.event(call, AuditEvent.Outcome.CHALLENGED, reason, details);
        Refusal refusal = log.record(call, event).orElseGet(() -> new Refusal.ApprovalRequired(message));
        return new Outcome.Refused(refusal);
    }

    private Outcome asked(Call call, Interceptor.Chain chain, Approval wanted) {
        if (!ASKING.contains(call.method())) {
            return challenged(call, "needs-approval", rules.words(call).givenForUseOnly(), null);
        }
        undeclared.tell(call.target());
        if (!ApprovalRequests.isReadable(wanted)) {
            return challenged(call, "too-long", rules.words(call).tooLongToApprove(), null);
        }
        Approval open = requests.file(wanted).orElse(null);
        if (open == null) {
            return challenged(call, "too-many-open", rules.words(call).tooManyOpen(), null);
        }
        if (passes(call, open)) {
            return passed(call, chain, open);
        }
        URI page = rules.page();
        if (open.status() != Approval.Status.PENDING
                || page == null
                || !ClientFeature.URL.declaredIn(call.context().capabilities())) {
            return pending(call, open);
        }
        Question<URI> question = question(call, open, page);
        return switch (call.answer(question)) {
            case Answer.Missing<URI> missing -> {
                AuditEvent event =
                        log.event(call, AuditEvent.Outcome.CHALLENGED, "asked", Map.of("approval", open.id()));
                Optional<Refusal> refusal = log.record(call, event);
                yield refusal.isPresent()
                        ? new Outcome.Refused(refusal.get())
                        : new Outcome.InputRequired(List.of(question));
            }
            case Answer.Accepted<URI> opened ->
                decidedInTime(call, open) ? passed(call, chain, open) : pending(call, open);
            case Answer.Declined<URI> declined -> withdrawn(call, open);
            case Answer.Cancelled<URI> cancelled -> withdrawn(call, open);
        };
    }

    /** The call goes on; if it is refused before it was begun, its approval is as good as before. */
    private Outcome passed(Call call, Interceptor.Chain chain, Approval open) {
        Map<String, String> details = Map.of("approval", open.id());
        if (open.purpose() == Approval.Purpose.STEP_UP) {
            return allowed(call, chain, "granted", details);
        }
        Outcome outcome = allowed(call, chain, "approved", details);
        if (outcome instanceof Outcome.Refused
                && call.get(BEGUN).isEmpty()
                && store.giveBack(open.id(), call.id(), call.round())) {
            log.record(call, log.event(call, AuditEvent.Outcome.FAILED, "given-back", details));
        }
        return outcome;
    }

    /** The page learns from its address which approval it is about, and nothing about who may decide. */
    private Question<URI> question(Call call, Approval open, URI page) {
        return Question.url(
                "approval-" + open.id(),
                rules.words(call).question(open.purpose(), open.name()),
                URI.create(page + "?approval=" + open.id()));
    }

    /** Whether the call may go on now; an approval of it is used up by this. */
    private boolean passes(Call call, Approval open) {
        return switch (open.purpose()) {
            case STEP_UP ->
                open.status() == Approval.Status.USED && grants.hasNow(call.caller(), call.target(), open.pin());
            case CALL ->
                open.status() == Approval.Status.APPROVED
                        && store.use(open.id(), call.id(), call.round(), clock.instant());
        };
    }

    private boolean decidedInTime(Call call, Approval open) {
        long end = System.nanoTime() + rules.patience().toNanos();
        while (true) {
            Approval now = store.approval(open.id()).orElse(open);
            if (now.status() != Approval.Status.PENDING || !now.isOpen(clock.instant())) {
                return passes(call, now);
            }
            if (System.nanoTime() >= end || call.cancellation().isCancelled()) {
                return false;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private Outcome pending(Call call, Approval open) {
        Approval now = store.approval(open.id()).orElse(open);
        return switch (now.status()) {
            case DENIED -> challenged(call, "denied", rules.words(call).denied(open.id()), open.id());
            case REVOKED -> challenged(call, "revoked", rules.words(call).takenBack(open.id()), open.id());
            case PENDING, APPROVED, USED ->
                challenged(call, "pending", rules.words(call).pending(open.id()), open.id());
        };
    }

    private Outcome withdrawn(Call call, Approval open) {
        store.revokeApproval(open.id(), call.caller().identity(), clock.instant());
        return challenged(call, "declined", rules.words(call).declined(), open.id());
    }
}
