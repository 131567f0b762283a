package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.meter.Metering;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.billing.meter.Weight;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Durability;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage METER: reserves what a call weighs, lets it run, and books it before its result is given out. What it holds is
 * released while the user is asked, and resolved by {@link ChargeSettlement} where the call ends elsewhere.
 */
public final class MeteringInterceptor implements Interceptor {
    /** The source of all events that calls become. */
    public static final String SOURCE = "mcp";

    private static final Logger LOG = LoggerFactory.getLogger(MeteringInterceptor.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int LONGEST_NOTE = 400;

    private final Quotas quotas;
    private final MeteringOptions options;
    private final ChargeSettlement settlement;
    private final Predicate<Call> shaped;

    /** @param shaped whether the results of the tool that is called have a schema */
    public MeteringInterceptor(
            Quotas quotas, MeteringOptions options, ChargeSettlement settlement, Predicate<Call> shaped) {
        this.quotas = quotas;
        this.options = options;
        this.settlement = settlement;
        this.shaped = shaped;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Target target = call.target();
        if (target.kind() == Target.Kind.NONE || !target.exists()) {
            return chain.proceed(call);
        }
        Optional<Quote> quote = call.attached(settlement).map(Quote::parse);
        Weight weight = weight(target, quote);
        Optional<String> feature = target.attributes().get(Metering.FEATURE);
        boolean isTool = target.kind() == Target.Kind.TOOL;
        if (weight.isNothing() && feature.isEmpty() && !isTool) {
            return chain.proceed(call);
        }
        String tenant = options.tenantOf().apply(call.caller());
        if (feature.isPresent()) {
            Entitlement entitlement = quotas.entitlement(tenant);
            if (!entitlement.has(feature.get())) {
                return denied(call, new Denial(Denial.Reason.FEATURE, feature.get(), 0, 0, 0, 0, null));
            }
        }
        String item = note(target.name());
        String actor = note(call.caller().subject());
        if (isTool) {
            Language language = call.context().wording().language();
            call.set(CallUsage.ATTRIBUTE, new CallUsage(quotas, tenant, item, actor, options.upgrade(), language));
        }
        if (weight.isNothing()) {
            return chain.proceed(call);
        }
        Request request = new Request(tenant, weight.units(), SOURCE, item, actor);
        return switch (quotas.reserve(request, options.taskTtl())) {
            case Admission.Reserved reserved -> run(call, chain, reserved.reservation(), target);
            case Admission.Denied denied -> denied(call, denied.denial());
            case Admission.Invalid invalid ->
                throw new IllegalStateException("A call of " + target.name() + " cannot be charged: " + invalid.reason()
                        + " for " + weight.units().keySet());
            case Admission.ClockWentBack back -> unavailable();
        };
    }

    /** The price at which a call goes on is the one that was quoted when it began. */
    private Weight weight(Target target, Optional<Quote> quote) {
        if (quote.isPresent()) {
            return new Weight(quote.get().units());
        }
        return target.attributes()
                .get(Metering.WEIGHT)
                .orElse(target.kind() == Target.Kind.TOOL ? options.toolWeight() : Weight.NOTHING);
    }

    private Outcome run(Call call, Chain chain, Reservation reservation, Target target) {
        RefundPolicy refunds = target.attributes().get(Metering.REFUNDS).orElse(options.refunds());
        settlement.hold(reservation);
        call.attach(settlement, Quote.of(reservation, refunds).token());
        Outcome outcome = chain.proceed(call);
        settlement.left(reservation);
        if (!(outcome instanceof Outcome.Complete complete) || call.isDetached()) {
            // What becomes of a task is decided where it is stored: somebody else may have ended it, and been charged.
            return outcome;
        }
        Quote quote = Quote.of(reservation, refunds);
        Map<String, Long> charged = complete.result() instanceof CallToolResult tool
                ? ChargeSettlement.charged(quote, tool)
                : reservation.units();
        if (charged.isEmpty()) {
            return outcome;
        }
        if (booked(reservation, charged)) {
            return new Outcome.Complete(settlement.receipted(complete.result(), quote, charged));
        }
        reservation.withhold();
        return unavailable();
    }

    /** @return false if it could not be written in time, and the result must not be given out */
    private boolean booked(Reservation reservation, Map<String, Long> charged) {
        // A call that was cancelled may leave its thread interrupted, and then no store would take anything.
        boolean interrupted = Thread.interrupted();
        try {
            Optional<Posting> posting = reservation.book(charged);
            if (posting.isPresent() && quotas.parts().journal().store().durability() != Durability.BUFFERED) {
                List<Booking> bookings = posting.get().await(quotas.parts().timeout());
                if (!bookings.stream().allMatch(Booking::isKept)) {
                    LOG.error("Call {} cannot be booked: {}", reservation.id(), bookings);
                    return false;
                }
            }
            return true;
        } catch (StoreUnavailable e) {
            LOG.warn("Call {} could not be booked in time: {}", reservation.id(), e.toString());
            return options.whenUnavailable() == WhenUnavailable.SERVE;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Outcome denied(Call call, Denial denial) {
        Language language = call.context().wording().language();
        URI upgrade = options.upgrade();
        if (upgrade != null
                && options.asksToUpgrade()
                && ClientFeature.URL.declaredIn(call.context().capabilities())) {
            Question<URI> question =
                    Question.url("dev.mortise.upgrade", DenialWords.of(denial, null, language), upgrade);
            if (call.answer(question) instanceof Answer.Missing<URI>) {
                return new Outcome.InputRequired(List.of(question));
            }
        }
        return call.target().kind() == Target.Kind.TOOL
                ? new Outcome.Complete(Replies.result(denial, upgrade, shaped.test(call), language))
                : Replies.refusal(denial, upgrade, language);
    }

    private static Outcome unavailable() {
        return new Outcome.Refused(new Refusal.DependencyUnavailable("Metering", RETRY_AFTER));
    }

    /** What comes from outside, in a form that the ledger takes. */
    private static String note(String text) {
        String clipped = text.length() > LONGEST_NOTE ? text.substring(0, LONGEST_NOTE) : text;
        for (int i = 0; i < clipped.length(); i++) {
            char c = clipped.charAt(i);
            if (c < ' ' || Character.isSurrogate(c)) {
                return clipped.replaceAll("[\\p{Cntrl}\\p{Cs}]|[^\\x{0}-\\x{FFFF}]", "?");
            }
        }
        return clipped;
    }
}
