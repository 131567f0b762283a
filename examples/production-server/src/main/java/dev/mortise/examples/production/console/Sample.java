package dev.mortise.examples.production.console;

import dev.mortise.mcp.observe.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the meters of calls said at an instant, since the start.
 *
 * @param timed how many calls have a duration
 * @param within how many of them took at most so many seconds, for each bound of the histogram
 */
record Sample(Instant at, long calls, long failed, long timed, Map<Double, Long> within) {
    /** What operators have to look after; that a call was refused is the caller's matter. */
    private static final Set<String> FAILURES = Set.of("internal", "timed_out", "overloaded", "dependency_unavailable");

    static Sample of(MeterRegistry registry, Instant at) {
        long calls = 0;
        long failed = 0;
        for (Counter counter : registry.find(MetricNames.API_REQUESTS).counters()) {
            long count = (long) counter.count();
            calls += count;
            failed += FAILURES.contains(String.valueOf(counter.getId().getTag("outcome"))) ? count : 0;
        }
        long timed = 0;
        Map<Double, Long> within = new TreeMap<>();
        for (Timer timer : registry.find(MetricNames.API_REQUEST_DURATION).timers()) {
            timed += timer.count();
            for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
                within.merge(bucket.bucket(TimeUnit.SECONDS), (long) bucket.count(), Long::sum);
            }
        }
        return new Sample(at, calls, failed, timed, within);
    }
}
