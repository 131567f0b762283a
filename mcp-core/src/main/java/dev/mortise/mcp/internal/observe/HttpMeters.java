package dev.mortise.mcp.internal.observe;

import dev.mortise.mcp.http.HttpObserver;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.transport.HttpHead;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts and times every HTTP request. */
public final class HttpMeters implements HttpObserver {
    /** What nginx logs where the client went away before it had an answer. */
    private static final int CLIENT_GONE = 499;

    private static final Set<String> METHODS = Set.of("GET", "POST", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH");

    private record Series(String route, String method, int status) {}

    private record Meters(Counter requests, Timer duration) {}

    private final MeterRegistry registry;
    private final Buckets buckets;
    private final LongAdder active = new LongAdder();
    private final Map<Series, Meters> meters = new ConcurrentHashMap<>();

    public HttpMeters(MeterRegistry registry, Buckets buckets) {
        this.registry = registry;
        this.buckets = buckets;
        Gauge.builder(MetricNames.HTTP_ACTIVE_REQUESTS, active, LongAdder::sum)
                .description("HTTP requests that are not over")
                .register(registry);
    }

    @Override
    public void began(HttpHead head) {
        active.increment();
    }

    @Override
    public void ended(HttpHead head, Ended ended) {
        active.decrement();
        String method = METHODS.contains(head.method()) ? head.method() : Labels.OTHER;
        int status = ended.status() == 0 ? CLIENT_GONE : ended.status();
        Series series = new Series(ended.route(), method, status);
        Meters found = meters.get(series);
        if (found == null) {
            found = meters.computeIfAbsent(series, this::register);
        }
        found.requests().increment();
        if (!isListening(head, ended)) {
            found.duration().record(ended.nanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** A client that listens wants its stream to be long, so how long it was says nothing about this server. */
    private static boolean isListening(HttpHead head, Ended ended) {
        return ended.streamed()
                && (head.method().equals("GET")
                        || head.header("Mcp-Method")
                                .filter("subscriptions/listen"::equals)
                                .isPresent());
    }

    private Meters register(Series series) {
        Tags tags = Tags.of("route", series.route(), "method", series.method());
        return new Meters(
                Counter.builder(MetricNames.HTTP_REQUESTS)
                        .description("HTTP requests by the status of their response")
                        .tags(tags)
                        .tag("status", Integer.toString(series.status()))
                        .register(registry),
                Timer.builder(MetricNames.HTTP_REQUEST_DURATION)
                        .description("How long HTTP requests take")
                        .tags(tags)
                        .serviceLevelObjectives(buckets.durations())
                        .register(registry));
    }
}
