package dev.mortise.examples.observability;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.observe.BusinessMetrics;
import dev.mortise.mcp.observe.CallerHash;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The figures of an application's own: its accounts, its audit, its keys, its search. Where there are modules for these,
 * they report them by themselves; here it is done by hand, under the same names, and so the rules and panels hold.
 */
final class House {
    private House() {}

    static void report(MetricSink sink, CallerHash callers) {
        BusinessMetrics.to(sink, callers).quotaUsed(Caller.of("anonymous"), "calls", 0.1);
        sink.gauge(MetricNames.BILLING_OUTBOX_PENDING, Map.of(), () -> 0);
        // A counter that first appears when something goes wrong does not increase, as Prometheus sees it.
        LongConsumer auditFailures = sink.counter(MetricNames.AUDIT_WRITE_FAILURES, Map.of());
        auditFailures.accept(0);
        LongConsumer webhookFailures = sink.counter(MetricNames.WEBHOOK_FAILURES, Map.of("source", "payments"));
        webhookFailures.accept(0);
        double inSummer = Instant.now().plus(Duration.ofDays(200)).getEpochSecond();
        sink.gauge(MetricNames.CERTIFICATE_EXPIRY, Map.of("name", "front"), () -> inSummer);
        sink.gauge(MetricNames.KEY_EXPIRY, Map.of("name", "signing"), () -> inSummer);
        sink.histogram(MetricNames.RAG_QUERY_PERFORMANCE, Map.of("base", "handbook"))
                .accept(0.05);
    }
}
