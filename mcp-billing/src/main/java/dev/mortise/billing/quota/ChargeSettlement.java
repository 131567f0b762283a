package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.RefundPolicy;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends charges as the core says that calls have ended: on the replica that reserved, or on another one, by what the token
 * says. An event has the id of its reservation, so that two who book it book it once. Thread-safe.
 */
public final class ChargeSettlement implements Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(ChargeSettlement.class);

    private final Quotas quotas;
    private final Duration ttl;
    private final @Nullable ReceiptSigner receipts;

    /**
     * @param ttl how long a charge is held for a call that is not heard of
     * @param receipts {@code null} for none
     */
    public ChargeSettlement(Quotas quotas, Duration ttl, @Nullable ReceiptSigner receipts) {
        this.quotas = quotas;
        this.ttl = ttl;
        this.receipts = receipts;
    }

    @Override
    public String name() {
        return "dev.mortise.billing";
    }

    /** While its stage is on the stack, a reservation does not expire. */
    void hold(Reservation reservation) {
        reservation.renew(Long.MAX_VALUE);
    }

    /** The call has left the stage, and is settled at once, or goes on as a task. */
    void left(Reservation reservation) {
        reservation.expireAt(quotas.parts().clock().millis() + ttl.toMillis());
    }

    @Override
    public String suspend(String token) {
        Quote quote = Quote.parse(token);
        quotas.remove(quote.reservation()).ifPresent(Reservation::giveUp);
        return quote.released().token();
    }

    @Override
    public void renew(String token, Duration atLeast) {
        quotas.find(Quote.parse(token).reservation())
                .ifPresent(reservation ->
                        reservation.renew(quotas.parts().clock().millis() + atLeast.toMillis() + ttl.toMillis()));
    }

    /** By the token alone, so that every replica gives the same receipt; the result is kept, and then this is booked. */
    @Override
    public CallToolResult receipt(String token, CallToolResult result) {
        Quote quote = Quote.parse(token);
        Map<String, Long> charged = quote.held() ? charged(quote, result) : Map.of();
        return charged.isEmpty() ? result : (CallToolResult) receipted(result, quote, charged);
    }

    /** A result with a receipt for what is charged. */
    Result receipted(Result result, Quote quote, Map<String, Long> charged) {
        return receipts == null
                ? result
                : result.withMeta(result.meta().with(Replies.RECEIPT, receipts.sign(Replies.receipt(quote, charged))));
    }

    @Override
    public void settle(String token, Ending ending) {
        if (ending == Ending.COMPLETED && isBooked(token)) {
            return;
        }
        Quote quote = Quote.parse(token);
        if (!quote.held()) {
            return;
        }
        Optional<Reservation> local = quotas.remove(quote.reservation());
        boolean withheld = local.map(Reservation::isWithheld).orElse(false);
        Map<String, Long> charged = withheld ? Map.of() : charged(quote, ending);
        boolean interrupted = Thread.interrupted();
        try {
            if (local.isPresent()) {
                settle(local.get(), charged);
            } else {
                settleElsewhere(quote, charged);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Most calls: their stage has booked them here, before their result went out. */
    private boolean isBooked(String token) {
        String id = Quote.reservation(token);
        boolean booked = quotas.find(id)
                .filter(one -> one.state() == Reservation.State.COMMITTED && !one.isWithheld())
                .isPresent();
        if (booked) {
            quotas.remove(id);
        }
        return booked;
    }

    /** What a call is charged that has ended so, by meter. */
    private static Map<String, Long> charged(Quote quote, Ending ending) {
        return switch (ending) {
            case COMPLETED -> quote.units();
            case TOOL_ERROR -> charged(quote.units(), quote.refunds(), RefundPolicy.Ending.TOOL_ERROR);
            case REFUSED -> charged(quote.units(), quote.refunds(), RefundPolicy.Ending.PROTOCOL_ERROR);
            case TIMED_OUT -> charged(quote.units(), quote.refunds(), RefundPolicy.Ending.TIMED_OUT);
            case CANCELLED -> charged(quote.units(), quote.refunds(), RefundPolicy.Ending.DISCONNECTED);
        };
    }

    /** What a call is charged that has this result. */
    static Map<String, Long> charged(Quote quote, CallToolResult result) {
        return charged(quote, result.isError() ? Ending.TOOL_ERROR : Ending.COMPLETED);
    }

    private static Map<String, Long> charged(
            Map<String, Long> units, RefundPolicy refunds, RefundPolicy.Ending ending) {
        if (refunds.byMeter().isEmpty()) {
            return refunds.refunds(ending) ? Map.of() : units;
        }
        Map<String, Long> charged = new TreeMap<>(units);
        charged.keySet().removeIf(meter -> refunds.refunds(ending, meter));
        return charged;
    }

    private void settle(Reservation reservation, Map<String, Long> charged) {
        if (charged.isEmpty()) {
            if (!reservation.giveUp() && reservation.state() == Reservation.State.COMMITTED) {
                // It was booked with its result, and then the result could not be given out.
                reservation.reverse("settlement", Set.of());
            }
            return;
        }
        Optional<Posting> posting = reservation.book(charged);
        if (posting.isPresent()) {
            check(reservation.id(), posting.get().await(quotas.parts().timeout()));
        } else if (reservation.state() == Reservation.State.EXPIRED) {
            Quote quote = Quote.of(reservation, RefundPolicy.STANDARD);
            settleElsewhere(quote, charged);
        } else if (reservation.state() == Reservation.State.COMMITTED) {
            reservation.reverse("settlement", charged.keySet());
        }
    }

    /** What was held is the other replica's to give back. */
    private void settleElsewhere(Quote quote, Map<String, Long> charged) {
        Instant now = quotas.parts().clock().instant();
        List<Post> posts = new ArrayList<>();
        charged.forEach((meter, units) -> posts.add(new Post.Use(event(quote, meter, units), now)));
        for (String meter : quote.units().keySet()) {
            if (!charged.containsKey(meter)) {
                UsageEvent event = event(quote, meter, 1);
                posts.add(new Post.Reverse(event.tenant(), event.source(), event.id(), "settlement", now));
            }
        }
        List<Booking> bookings = quotas.parts()
                .journal()
                .post(posts, List.of())
                .await(quotas.parts().timeout());
        check(quote.reservation(), bookings.subList(0, charged.size()));
    }

    private static UsageEvent event(Quote quote, String meter, long units) {
        return new UsageEvent(
                quote.tenant(),
                meter,
                MeteringInterceptor.SOURCE,
                Reservation.eventId(quote.reservation(), meter),
                units,
                quote.at(),
                quote.item(),
                quote.actor());
    }

    private static void check(String reservation, List<Booking> bookings) {
        if (!bookings.stream().allMatch(Booking::isKept)) {
            LOG.error("Call {} cannot be booked: {}", reservation, bookings);
        }
    }
}
