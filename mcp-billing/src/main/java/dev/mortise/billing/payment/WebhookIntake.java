package dev.mortise.billing.payment;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes webhooks in. Acknowledged is what has had its effect, or never will have one; everything else is answered in a
 * way that makes the provider come again, so nothing is lost with a process.
 */
final class WebhookIntake {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookIntake.class);

    private final Database database;
    private final SubscriptionSync sync;
    private final EventTable events;
    private final UsageOutbox usage;
    private final Clock clock;

    WebhookIntake(Database database, SubscriptionSync sync, EventTable events, UsageOutbox usage, Clock clock) {
        this.database = database;
        this.sync = sync;
        this.events = events;
        this.usage = usage;
        this.clock = clock;
    }

    HttpRoute route(PaymentProvider provider) {
        return HttpRoute.post("/webhooks/" + provider.name(), request -> handle(provider, request));
    }

    private HttpRoute.Response handle(PaymentProvider provider, HttpRoute.Request request) {
        return switch (provider.read(request, clock.instant())) {
            case WebhookVerdict.Rejected rejected -> {
                LOG.warn("A webhook for {} was rejected: {}", provider.name(), rejected.reason());
                yield HttpRoute.Response.text(rejected.status(), "Rejected");
            }
            case WebhookVerdict.Ignored ignored -> {
                LOG.debug("A webhook of {} is none of ours: {}", provider.name(), ignored.reason());
                yield provider.thanks();
            }
            case WebhookVerdict.Undecided undecided -> later(provider, undecided.reason());
            case WebhookVerdict.Accepted accepted -> accept(provider, accepted.event());
        };
    }

    private HttpRoute.Response accept(PaymentProvider provider, WebhookEvent event) {
        try {
            // What no database keeps would make it come again for days.
            Rows.plain("The id of an event", event.id());
            Rows.plain("The type of an event", event.type());
        } catch (IllegalArgumentException e) {
            LOG.warn("A webhook for {} was rejected: {}", provider.name(), e.getMessage());
            return HttpRoute.Response.text(400, "Rejected");
        }
        try {
            switch (event) {
                case WebhookEvent.SubscriptionChanged change -> {
                    Effect effect =
                            sync.sync(provider, change.subscription(), new Cause.Event(change.id(), change.type()));
                    LOG.debug("{} {} of {}: {}", event.type(), event.id(), provider.name(), effect);
                }
                case WebhookEvent.UsageRejected rejected -> rejected(provider, rejected);
            }
            return provider.thanks();
        } catch (ProviderException | StoreUnavailable e) {
            LOG.warn("The webhook {} {} of {} has to wait", event.type(), event.id(), provider.name(), e);
            return later(provider, "Its effect did not take place");
        }
    }

    private void rejected(PaymentProvider provider, WebhookEvent.UsageRejected event) {
        if (database.read("Looking for an event", c -> events.has(c, provider.name(), event.id()))) {
            return;
        }
        UsageErrors errors = provider.usageErrors(event.report());
        Instant now = clock.instant();
        database.write("Taking down rejected usage", connection -> {
            boolean first = events.add(
                    connection, provider.name(), new EventTable.WebhookEventKey(event.id(), event.type()), now);
            if (first) {
                usage.rejected(connection, provider.name(), event.report(), errors, now);
                events.effect(connection, provider.name(), event.id(), "USAGE_REJECTED");
            }
            return first;
        });
    }

    private static HttpRoute.Response later(PaymentProvider provider, String reason) {
        LOG.info("A webhook of {} is to come again: {}", provider.name(), reason);
        byte[] body = "Later".getBytes(StandardCharsets.UTF_8);
        return new HttpRoute.Response(503, "text/plain; charset=utf-8", body, Map.of("Retry-After", "30"));
    }
}
