package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.meter.Meter;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Language;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.server.HandlerCall;
import dev.mortise.mcp.store.StoreUnavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a handler books while it runs, because only then it is known: embeddings, bytes stored. It is booked at once, and
 * stays booked however the call ends. Thread-safe.
 *
 * <pre>{@code
 * switch (CallUsage.of(call).use(Meter.AI_OPERATIONS, chunks.size())) {
 *     case CallUsage.Used.Booked ok -> embed(chunks);
 *     case CallUsage.Used.Denied no -> { return no.result(); }
 * }
 * }</pre>
 */
public final class CallUsage {
    static final Attribute<CallUsage> ATTRIBUTE = Attribute.of("dev.mortise.billing.usage", CallUsage.class);
    private static final Duration TTL = Duration.ofMinutes(1);

    /** What came of using something. */
    public sealed interface Used {
        record Booked() implements Used {}

        /** @param result for the model, to be returned by the handler of a tool without an output schema */
        record Denied(Denial denial, CallToolResult result) implements Used {}
    }

    private final Quotas quotas;
    private final String tenant;
    private final String item;
    private final String actor;
    private final @Nullable URI upgrade;
    private final Language language;

    CallUsage(Quotas quotas, String tenant, String item, String actor, @Nullable URI upgrade, Language language) {
        this.quotas = quotas;
        this.tenant = tenant;
        this.item = item;
        this.actor = actor;
        this.upgrade = upgrade;
        this.language = language;
    }

    /** @throws IllegalStateException if the server does not meter this call */
    public static CallUsage of(HandlerCall call) {
        return call.get(ATTRIBUTE)
                .orElseThrow(() -> new IllegalStateException("This call is not metered: install the plugin Billing"));
    }

    /** Whose usage it is. */
    public String tenant() {
        return tenant;
    }

    /**
     * Uses units, if that many are left; of a gauge, raises its level. Waits until that is as durable as the store
     * promises.
     *
     * @param units at least 1
     * @throws IllegalArgumentException if the meter is unknown, or there are no such units
     * @throws StoreUnavailable if the ledger cannot be written: do not do it, then
     */
    public Used use(Meter meter, long units) {
        Request request = new Request(tenant, Map.of(meter.name(), units), MeteringInterceptor.SOURCE, item, actor);
        return switch (quotas.reserve(request, TTL)) {
            case Admission.Reserved reserved -> booked(reserved.reservation());
            case Admission.Denied denied ->
                new Used.Denied(denied.denial(), Replies.result(denied.denial(), upgrade, false, language));
            case Admission.Invalid invalid ->
                throw new IllegalArgumentException(units + " units of " + meter + ": " + invalid.reason());
            case Admission.ClockWentBack back -> throw new StoreUnavailable("The clock of this process went back");
        };
    }

    private static Used booked(Reservation reservation) {
        try {
            if (reservation.commit() instanceof Reservation.Commit.Booked(var bookings)
                    && bookings.values().stream().anyMatch(Booking.Refused.class::isInstance)) {
                throw new IllegalArgumentException("It cannot be booked: " + bookings);
            }
            return new Used.Booked();
        } catch (StoreUnavailable e) {
            // What waits to be booked is booked later, and what is not done is not paid for.
            if (!reservation.release()) {
                reservation.reverse("unavailable", Set.of());
            }
            throw e;
        }
    }

    /**
     * Lowers the level of a gauge: something was deleted. No limit keeps anybody from that.
     *
     * @param units at least 1
     * @throws IllegalArgumentException if it is no gauge, or the level is not that high
     * @throws StoreUnavailable if the ledger cannot be written
     */
    public void free(Meter gauge, long units) {
        if (gauge.kind() != Meter.Kind.GAUGE || units < 1) {
            throw new IllegalArgumentException(units + " units of " + gauge + " cannot be freed");
        }
        UsageEvent event = new UsageEvent(
                tenant,
                gauge.name(),
                MeteringInterceptor.SOURCE,
                quotas.nextId(),
                -units,
                quotas.parts().clock().instant(),
                item,
                actor);
        Booking booking = recorded(event);
        if (booking instanceof Booking.Refused refused) {
            throw new IllegalArgumentException(units + " units of " + gauge + " cannot be freed: " + refused.reason());
        }
        quotas.freed(tenant, gauge.name());
    }

    private Booking recorded(UsageEvent event) {
        try {
            return quotas.ledger().record(event);
        } catch (StoreUnavailable e) {
            // Whoever tries again lowers it again.
            Post back = new Post.Reverse(event.tenant(), event.source(), event.id(), "unavailable", event.at());
            quotas.parts().journal().post(List.of(back), List.of());
            throw e;
        }
    }
}
