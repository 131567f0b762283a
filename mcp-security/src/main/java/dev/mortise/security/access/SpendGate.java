package dev.mortise.security.access;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.Credential;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.limit.Limit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds calls with a key to what it may spend in all: in the store, at the moment at which nothing but the charge and the
 * call itself is left, so that replicas together never pass the limit. What does not get as far as to its handler is
 * given back. The rounds of a call are spent for once: a round that goes on with what a round before it paid takes that out
 * of the store, and whoever sends its state again pays again. Thread-safe.
 */
final class SpendGate implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(SpendGate.class);
    private static final Set<String> USES = Set.of("tools/call", "prompts/get", "resources/read");

    /** On a call that nothing has refused before its handler. */
    private static final Attribute<Boolean> BEGUN = Attribute.of("dev.mortise.security.access.spent", Boolean.class);

    private final KeyStore keys;
    private final AccessRules rules;
    private final DecisionLog log;
    private final Payments payments;

    SpendGate(KeyStore keys, Payments payments, AccessRules rules, DecisionLog log) {
        this.keys = keys;
        this.payments = payments;
        this.rules = rules;
        this.log = log;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Credential credential = call.caller().get(Credential.ATTRIBUTE).orElse(null);
        Long limit = call.caller().get(ApiKeys.SPEND).orElse(null);
        if (limit == null
                || credential == null
                || credential.kind() != Credential.Kind.API_KEY
                || !USES.contains(call.method())
                || !call.target().exists()) {
            return chain.proceed(call);
        }
        Optional<Payment> before = call.attached(payments)
                .map(Payment::parse)
                .filter(one -> one.key().equals(credential.id()));
        if (before.isPresent() && !before.get().isKept()) {
            // The state of a task whose process died: no client has it, and the call never paused.
            return chain.proceed(call);
        }
        if (before.isPresent() && keys.takePayment(before.get().id())) {
            return paid(call, chain, Payment.by(credential.id()), payment -> {
                payments.keep(before.get());
                return before.get();
            });
        }
        long cost = Math.max(1, call.target().attributes().get(Limit.COST).orElse(1));
        if (!keys.spend(credential.id(), cost)) {
            return refused(call, limit, cost);
        }
        return paid(call, chain, Payment.by(credential.id()), payment -> {
            giveBack(credential.id(), cost);
            // None that is in the store: the next round pays.
            return payment.kept();
        });
    }

    /**
     * Goes on with a call that is paid for.
     *
     * @param undo what is done if nothing gets as far as to its handler, and what the call goes on with then
     */
    private Outcome paid(Call call, Chain chain, Payment payment, UnaryOperator<Payment> undo) {
        call.attach(payments, payment.token());
        boolean goesOn = false;
        try {
            Outcome outcome = chain.proceed(call);
            // What becomes a task may be about to begin.
            goesOn = outcome instanceof Outcome.Extended;
            return outcome;
        } finally {
            if (!goesOn && call.get(BEGUN).isEmpty()) {
                call.attach(payments, undo.apply(payment).token());
            }
        }
    }

    private void giveBack(String key, long cost) {
        // A call that was cancelled may leave its thread interrupted, and then no store would take anything.
        boolean interrupted = Thread.interrupted();
        try {
            keys.giveBack(key, cost);
        } catch (StoreUnavailable e) {
            LOG.warn("{} units could not be given back to key {}: {}", cost, key, e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes note of a call that gets as far as to be carried out. */
    static Outcome begun(Call call, Chain chain) {
        if (call.caller().get(ApiKeys.SPEND).isPresent()) {
            call.set(BEGUN, true);
        }
        return chain.proceed(call);
    }

    private Outcome refused(Call call, long limit, long cost) {
        if (!log.isOff()) {
            Optional<Refusal> unavailable =
                    log.record(call, log.event(call, AuditEvent.Outcome.DENIED, "key-spent", Map.of()));
            if (unavailable.isPresent()) {
                return new Outcome.Refused(unavailable.get());
            }
        }
        ObjectNode data =
                Json.object().put("reason", "key-spent").put("limit", limit).put("requested", cost);
        return new Outcome.Refused(new Refusal.QuotaExceeded(rules.words(call).keySpent(), data));
    }
}
