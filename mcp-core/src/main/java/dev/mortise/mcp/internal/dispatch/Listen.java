package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.internal.listen.ListenStream;
import dev.mortise.mcp.internal.listen.OpenTopics;
import dev.mortise.mcp.internal.listen.Subscriptions;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.SubscriptionsListenResult;
import dev.mortise.mcp.server.ServerEvents;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code subscriptions/listen}. The interceptors stand around its opening only, not around the open stream. */
final class Listen implements RpcMethod {
    private static final int MAX_URIS = 1_000;

    private final ServerCapabilities capabilities;
    private final Subscriptions subscriptions;
    private final ServerEvents events;
    private final BiFunction<Caller, String, Target> resource;
    private final Visibility visibility;
    private final Clock clock;
    private final List<ListenTopic> topics;

    /** @param resource what a caller would read at a URI, to hold events to the policy */
    Listen(
            ServerCapabilities capabilities,
            Subscriptions subscriptions,
            ServerEvents events,
            BiFunction<Caller, String, Target> resource,
            Visibility visibility,
            Clock clock,
            List<ListenTopic> topics) {
        this.capabilities = capabilities;
        this.subscriptions = subscriptions;
        this.events = events;
        this.resource = resource;
        this.visibility = visibility;
        this.clock = clock;
        this.topics = List.copyOf(topics);
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        JsonNode notifications = params.get("notifications");
        if (notifications == null || !notifications.isObject()) {
            return Binding.refused(Refusal.InvalidParams.of("notifications must be an object that says what to send"));
        }
        try {
            SubscriptionFilter wanted = Json.mapper().treeToValue(notifications, SubscriptionFilter.class);
            if (wanted.resourceSubscriptions().size() > MAX_URIS) {
                return Binding.refused(
                        Refusal.InvalidParams.of("resourceSubscriptions names more than " + MAX_URIS + " resources"));
            }
            return Binding.of(call -> open(call, honoured(wanted), notifications));
        } catch (JacksonException e) {
            return Binding.refused(Refusal.InvalidParams.of("notifications has members of the wrong type"));
        }
    }

    /** What is left of a filter when everything that this server never sends is taken out. */
    private SubscriptionFilter honoured(SubscriptionFilter wanted) {
        boolean tools = capabilities.tools() != null && wanted.toolsListChanged();
        boolean prompts = capabilities.prompts() != null && wanted.promptsListChanged();
        boolean resources = capabilities.resources() != null;
        return SubscriptionFilter.builder()
                .toolsListChanged(tools)
                .promptsListChanged(prompts)
                .resourcesListChanged(resources && wanted.resourcesListChanged())
                .resourceSubscriptions(resources ? wanted.resourceSubscriptions() : List.of())
                .build();
    }

    private Outcome open(LiveCall call, SubscriptionFilter filter, JsonNode notifications) {
        List<OpenTopics.Open> promised = new ArrayList<>();
        for (ListenTopic topic : topics) {
            JsonNode wish = notifications.get(topic.name());
            if (wish != null && !wish.isNull()) {
                switch (topic.open(call, wish)) {
                    case ListenTopic.Wish.Refused refused -> {
                        return new Outcome.Refused(refused.refusal());
                    }
                    case ListenTopic.Wish.Honoured honoured -> promised.add(new OpenTopics.Open(topic, honoured));
                }
            }
        }
        Predicate<Target> visible =
                target -> !(visibility.decide(call.caller(), resource.apply(call.caller(), target.name()))
                        instanceof Decision.Deny);
        ListenStream stream = new ListenStream(
                call.requestId(), call.caller(), call.exchange(), filter, visible, new OpenTopics(call, promised));
        if (!stream.join(subscriptions)) {
            return new Outcome.Refused(new Refusal.Overloaded(Duration.ofSeconds(5)));
        }
        call.cancellation().onCancel(stream::gone);
        call.streamAfterwards(new LiveCall.Stream() {
            @Override
            public void run() throws IOException {
                try {
                    stream.run(events, clock);
                } finally {
                    stream.leave(subscriptions);
                }
            }

            @Override
            public void abandon() {
                stream.leave(subscriptions);
            }
        });
        return new Outcome.Complete(SubscriptionsListenResult.of(call.requestId()));
    }
}
