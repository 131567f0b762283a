package dev.mortise.mcp.internal.listen;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.MetaKeys;
import dev.mortise.mcp.schema.SubscriptionsAcknowledgedNotificationParams;
import dev.mortise.mcp.server.ServerEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What one listen stream tells of the topics of extensions. */
public final class OpenTopics {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTopics.class);

    /** A topic with what was promised of it. */
    public record Open(ListenTopic topic, ListenTopic.Wish.Honoured honoured) {}

    private final Call call;
    private final Map<String, Open> open = new HashMap<>();

    /** @param call the listen request */
    public OpenTopics(Call call, List<Open> promised) {
        this.call = call;
        promised.forEach(topic -> open.put(topic.topic().name(), topic));
    }

    Map<String, Set<String>> keys() {
        Map<String, Set<String>> keys = new HashMap<>();
        open.forEach((name, topic) -> keys.put(name, topic.honoured().keys()));
        return keys;
    }

    /** What is told at the beginning, because it may have changed before anybody listened. */
    List<ServerEvent> atOnce() {
        List<ServerEvent> events = new ArrayList<>();
        open.forEach((name, topic) -> {
            if (topic.honoured().atOnce()) {
                topic.honoured().keys().forEach(key -> events.add(new ServerEvent.TopicChanged(name, key)));
            }
        });
        return events;
    }

    /** The acknowledgement, with what is promised of the topics. */
    Object acknowledgement(SubscriptionsAcknowledgedNotificationParams params) {
        if (open.isEmpty()) {
            return params;
        }
        ObjectNode tree = (ObjectNode) Json.tree(params);
        ObjectNode notifications = tree.withObject("/notifications");
        open.forEach((name, topic) -> notifications.set(name, topic.honoured().acknowledged()));
        return tree;
    }

    /** What is to be told now, marked as this stream's. */
    Optional<Message.Notification> tell(ServerEvent.TopicChanged event, Meta subscription) {
        Open topic = open.get(event.topic());
        if (topic == null) {
            return Optional.empty();
        }
        try {
            return topic.topic().tell(call, event.key()).map(told -> marked(told, subscription));
        } catch (RuntimeException e) {
            LOG.error("The topic {} failed: a listener is not told", event.topic(), e);
            return Optional.empty();
        }
    }

    private static Message.Notification marked(Message.Notification told, Meta subscription) {
        JsonNode tree = told.params() == null ? Json.object() : Json.tree(told.params());
        if (tree instanceof ObjectNode params) {
            params.withObject("/_meta")
                    .set(
                            MetaKeys.SUBSCRIPTION_ID,
                            subscription.get(MetaKeys.SUBSCRIPTION_ID).orElseThrow());
        }
        return new Message.Notification(told.method(), tree);
    }
}
