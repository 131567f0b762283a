package dev.mortise.security.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4)
 * of the windows that refused a call. They carry no partition key: whose a window is, is nobody else's business.
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
        limits.append('"')
                .append(window)
                .append("\";r=")
                .append(standing.remaining())
                .append(";t=")
                .append(seconds(standing.retryNanos()));
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
