package dev.mortise.mcp.resilience;

import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Counts events as {@link MetricNames#SERVICE_EVENTS}: give it as a listener to whatever reports any. Events are rare,
 * and their names are the host's, so that there are few counters. Thread-safe.
 */
public final class EventMetrics implements FailureListener {
    private final MetricSink sink;
    private final Map<Map<String, String>, LongConsumer> counters = new ConcurrentHashMap<>();

    private EventMetrics(MetricSink sink) {
        this.sink = sink;
    }

    public static EventMetrics to(MetricSink sink) {
        return new EventMetrics(sink);
    }

    @Override
    public void changed(ServiceEvent event) {
        counters.computeIfAbsent(
                        Map.of("event", label(event), "name", event.name()),
                        labels -> sink.counter(MetricNames.SERVICE_EVENTS, labels))
                .accept(1);
    }

    private static String label(ServiceEvent event) {
        return switch (event) {
            case ServiceEvent.BreakerChanged it ->
                switch (it.to()) {
                    case OPEN -> "breaker_opened";
                    case HALF_OPEN -> "breaker_half_opened";
                    case CLOSED -> "breaker_closed";
                };
            case ServiceEvent.ComponentFailed it -> "component_failed";
            case ServiceEvent.ComponentStarted it -> "component_started";
            case ServiceEvent.ComponentStopped it -> "component_stopped";
            case ServiceEvent.AbandonedTooMany it -> "abandoned_too_many";
            case ServiceEvent.Shedding it -> it.began() ? "shedding_began" : "shedding_ended";
            case ServiceEvent.HealthChanged it -> it.up() ? "health_up" : "health_down";
        };
    }
}
