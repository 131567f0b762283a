package dev.mortise.mcp.internal.listen;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.schema.NotificationParams;
import dev.mortise.mcp.schema.ResourceUpdatedNotificationParams;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.SubscriptionsAcknowledgedNotificationParams;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.transport.Exchange;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One open {@code subscriptions/listen} stream. Everything on it names the subscription, which is the id of the
 * request that opened it; the acknowledgement comes first (Subscriptions: Acknowledgment).
 */
public final class ListenStream {
    private final RequestId id;
    private final Caller caller;
    private final Exchange exchange;
    private final Mailbox mailbox;
    private final SubscriptionFilter filter;
    private final Predicate<Target> visible;
    private final OpenTopics topics;
    private final Meta meta;

    public ListenStream(
            RequestId id,
            Caller caller,
            Exchange exchange,
            SubscriptionFilter filter,
            Predicate<Target> visible,
            OpenTopics topics) {
        this.id = id;
        this.caller = caller;
        this.exchange = exchange;
        this.filter = filter;
        this.visible = visible;
        this.topics = topics;
        this.mailbox = new Mailbox(filter, topics.keys());
        this.meta = Meta.of(MetaKeys.SUBSCRIPTION_ID, id);
    }

    /** Joins the open streams; false if there are too many. */
    public boolean join(Subscriptions subscriptions) {
        return subscriptions.add(mailbox, caller);
    }

    public void leave(Subscriptions subscriptions) {
        subscriptions.remove(mailbox);
    }

    /** The listener went away. */
    public void gone() {
        mailbox.end(Mailbox.End.GONE);
    }

    /**
     * Tells the listener what happens, until one side ends it.
     *
     * @throws IOException if the listener is gone
     */
    public void run(ServerEvents events, Clock clock) throws IOException {
        // Subscribed before the acknowledgement, so that nothing that happens after it is missed.
        ServerEvents.Subscription subscription =
                events.subscribe(event -> event.toldTo(caller).ifPresent(mailbox::put));
        try {
            deliver(
                    "notifications/subscriptions/acknowledged",
                    topics.acknowledgement(SubscriptionsAcknowledgedNotificationParams.of(filter)
                            .withMeta(meta)));
            topics.atOnce().forEach(mailbox::put);
            for (ServerEvent event = mailbox.take(caller.expiresAt().orElse(null), clock);
                    event != null;
                    event = mailbox.take(caller.expiresAt().orElse(null), clock)) {
                tell(event);
            }
        } finally {
            subscription.close();
        }
        if (mailbox.ended() == Mailbox.End.GONE) {
            throw new IOException("The listener is gone");
        }
        // The cancellation page demands this, and only for requests in progress: so before the result, not after.
        deliver("notifications/cancelled", CancelledNotificationParams.of(id).withMeta(meta));
    }

    private void tell(ServerEvent event) throws IOException {
        switch (event) {
            case ServerEvent.ToolsChanged tools -> deliver("notifications/tools/list_changed", listChanged());
            case ServerEvent.PromptsChanged prompts -> deliver("notifications/prompts/list_changed", listChanged());
            case ServerEvent.ResourcesChanged resources ->
                deliver("notifications/resources/list_changed", listChanged());
            case ServerEvent.ResourceUpdated updated -> {
                if (visible.test(Target.unknown(Target.Kind.RESOURCE, updated.uri()))) {
                    deliver(
                            "notifications/resources/updated",
                            ResourceUpdatedNotificationParams.of(updated.uri()).withMeta(meta));
                }
            }
            case ServerEvent.PageCompleted page -> {
                // The notification is gone from the revisions that listen.
            }
            case ServerEvent.Missed missed -> {
                // The mailbox has turned it into all that may have been missed.
            }
            case ServerEvent.ForTenant addressed -> {
                // Only what is in it comes here, if it is for this listener.
            }
            case ServerEvent.TopicChanged changed -> {
                Optional<Message.Notification> told = topics.tell(changed, meta);
                if (told.isPresent()) {
                    exchange.deliver(told.get());
                }
            }
        }
    }

    private NotificationParams listChanged() {
        return NotificationParams.of(meta);
    }

    private void deliver(String method, Object params) throws IOException {
        exchange.deliver(Message.Notification.of(method, params));
    }
}
