package dev.mortise.security.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4)
 * of the windows that refused a call: {@code q}, {@code w} where it is whole seconds, {@code r} and {@code t}. Units are
 * requests, the default of {@code qu}, of which a dear call takes several. They carry no partition key ({@code pk}): whose a
 * window is, is nobody else's business.
 */
final class RateFields {
    private final StringBuilder policies = new StringBuilder();
    private final StringBuilder limits = new StringBuilder();

    void add(String window, Rate rate, RateStore.Standing standing) {
        if (!policies.isEmpty()) {
            policies.append(", ");
            limits.append(", ");
        }
        // A String of structured fields: names hold nothing that needs an escape.
        policies.append('"').append(window).append("\";q=").append(rate.permits());
        // The window is in whole seconds, and none is better than a wrong one.
        if (rate.period().toNanosPart() == 0) {
            policies.append(";w=").append(rate.period().toSeconds());
        }
        long seconds = seconds(standing.retryNanos());
        limits.append('"')
                .append(window)
                .append("\";r=")
                .append(evenly(standing.remaining(), rate, seconds))
                .append(";t=")
                .append(seconds);
    }

    /**
     * Where a dear call does not fit, much may be left for cheap ones, and the wait be short: who takes one by the other must
     * not come to a faster pace than the policy's (sections 6 and 8.5).
     */
    private static long evenly(long remaining, Rate rate, long seconds) {
        double period = rate.period().toNanos() / 1e9;
        return Math.min(remaining, (long) ((double) rate.permits() * seconds / period));
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("RateLimit-Policy", policies.toString());
        headers.put("RateLimit", limits.toString());
        return headers;
    }

    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, 1_000_000_000L);
    }

    /** A period as a part of a window's name: {@code 60}, or {@code 500ms}. */
    static String period(Rate rate) {
        Duration period = rate.period();
        return period.toNanosPart() == 0 ? Long.toString(period.toSeconds()) : period.toNanos() / 1_000_000 + "ms";
    }
}
