package dev.mortise.examples.production.console;

import dev.mortise.mcp.health.CheckReport;
import dev.mortise.mcp.health.Health;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Approvals;
import dev.mortise.security.access.Form;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the page asks for again and again: figures of this process, its health, and how many requests wait. */
final class Live {
    private static final int MOST_WAITING = 100;

    private final History history;
    private final MeterRegistry registry;
    private final Health health;
    private final Approvals approvals;

    Live(History history, MeterRegistry registry, Health health, Approvals approvals) {
        this.history = history;
        this.registry = registry;
        this.health = health;
        this.approvals = approvals;
    }

    /** @param since when it came to this, in ISO 8601; {@code null} before the first look */
    record Check(
            String name,
            String status,
            boolean required,
            List<String> groups,
            String message,
            @Nullable String since) {
        static Check of(CheckReport report) {
            return new Check(
                    report.name(),
                    report.status() == null ? "unknown" : report.status().text(),
                    report.required(),
                    report.groups().stream()
                            .map(group -> group.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .toList(),
                    report.message(),
                    report.since() == null ? null : report.since().toString());
        }
    }

    /**
     * The answer.
     *
     * @param calls since the start of the process
     * @param waiting approvals, up to a hundred
     */
    record View(
            double stepSeconds,
            List<Interval> intervals,
            long calls,
            long failed,
            long active,
            long streams,
            long uptimeSeconds,
            long usedMegabytes,
            Map<String, String> probes,
            List<Check> checks,
            int waiting) {}

    HttpRoute.Response answer(HttpRoute.Request request, Door.Visitor visitor) {
        String tenant = visitor.caller().tenant().orElse(null);
        Sample last = history.last();
        Runtime runtime = Runtime.getRuntime();
        return Answers.ok(new View(
                History.STEP.toMillis() / 1_000.0,
                history.after(since(request)),
                last.calls(),
                last.failed(),
                gauge(MetricNames.MCP_ACTIVE_CALLS),
                gauge(MetricNames.MCP_LISTEN_STREAMS),
                ManagementFactory.getRuntimeMXBean().getUptime() / 1_000,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                probes(),
                checks(),
                approvals
                        .list(tenant, Approval.Status.PENDING, null, MOST_WAITING)
                        .size()));
    }

    private static long since(HttpRoute.Request request) {
        String text = Form.parse(request.head().query().orElse("")).getOrDefault("since", "");
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    private long gauge(String name) {
        return (long)
                registry.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    private Map<String, String> probes() {
        Map<String, String> probes = new TreeMap<>();
        for (HealthCheck.Group group : HealthCheck.Group.values()) {
            probes.put(
                    group.name().toLowerCase(Locale.ROOT), health.status(group).text());
        }
        return probes;
    }

    private List<Check> checks() {
        return Arrays.stream(HealthCheck.Group.values())
                .flatMap(group -> health.reports(group).stream())
                .distinct()
                .map(Check::of)
                .toList();
    }
}
