package dev.mortise.mcp.observe;

/**
 * The names of all metrics, of this module and of those that report through a {@link MetricSink}. They are Micrometer's
 * form; Prometheus writes {@code _} for {@code .} and appends {@code _total} to counters and {@code _seconds} to timers.
 * {@code docs/operations.md} has the whole table, with labels and units.
 */
public final class MetricNames {
    /** Counter: calls by method, tool, outcome and revision. */
    public static final String API_REQUESTS = "api.requests";
    /** Histogram: as {@link #API_REQUESTS}, without the revision. */
    public static final String API_REQUEST_DURATION = "api.request.duration";
    /** Histogram: the OpenTelemetry metric of the same name. */
    public static final String MCP_SERVER_OPERATION_DURATION = "mcp.server.operation.duration";
    /** Gauge: calls that are being handled. */
    public static final String MCP_ACTIVE_CALLS = "mcp.server.active.calls";
    /** Gauge: streams that clients listen to. */
    public static final String MCP_LISTEN_STREAMS = "mcp.server.listen.streams";
    /** Gauge: sessions of legacy clients. */
    public static final String MCP_SESSIONS = "mcp.server.sessions";
    /** Gauge: tasks that are running. */
    public static final String MCP_TASKS = "mcp.server.tasks";

    /** Counter: HTTP requests by status, method and route. */
    public static final String HTTP_REQUESTS = "http.requests";
    /** Histogram: HTTP requests by method and route, those aside that stay open to listen. */
    public static final String HTTP_REQUEST_DURATION = "http.request.duration";
    /** Gauge: HTTP requests that are not over. */
    public static final String HTTP_ACTIVE_REQUESTS = "http.active.requests";

    /** Gauge by component: 1 healthy, 0.5 degraded, 0 down. */
    public static final String SYSTEM_HEALTH = "system.health";
    /** Gauge by name: 0 closed, 0.5 half-open, 1 open. */
    public static final String CIRCUIT_BREAKER_STATE = "circuit.breaker.state";
    /** Gauge by name: calls inside a bulkhead; under the name {@code *}, inside the limit for all calls. */
    public static final String BULKHEAD_ACTIVE = "bulkhead.active";
    /** Gauge by name: how many calls that admits at most. */
    public static final String BULKHEAD_LIMIT = "bulkhead.limit";
    /** Gauge by name: what waits in a queue. */
    public static final String QUEUE_SIZE = "queue.size";

    /** Gauge by name: handlers that were given up and still run. */
    public static final String HANDLERS_ABANDONED = "handlers.abandoned";
    /**
     * Counter by name and event, which is what policies did: {@code timeout}, {@code deadline} (a client did not want to
     * wait as long as the policies would), {@code retry}, {@code hedge}, {@code fallback}.
     */
    public static final String POLICY_EVENTS = "policy.events";
    /** Counter: calls that the overload limit refused. */
    public static final String MCP_SHED_CALLS = "mcp.server.shed.calls";
    /** Gauge by component and whether it is required: 1 it runs, 0 it does not. */
    public static final String COMPONENT_RUNNING = "component.running";
    /** Counter by event and name: changes of state, such as a breaker that opens. */
    public static final String SERVICE_EVENTS = "service.events";
    /** Counter by outcome ({@code delivered}, {@code failed}, {@code dropped}): messages to those who are on call. */
    public static final String ALERTS = "alerts";

    /** Gauge by window, {@code day} or {@code month}: an estimate of how many callers there were. */
    public static final String ACTIVE_CALLERS = "active.callers";
    /** Gauge by meter and caller: the used share of a quota, for those who have used most of theirs. */
    public static final String USER_QUOTA_USAGE = "user.quota.usage";
    /** Counter by event. */
    public static final String BILLING_EVENTS = "billing.events";
    /** Gauge: events that billing has written down and not yet sent on. */
    public static final String BILLING_OUTBOX_PENDING = "billing.outbox.pending";
    /** Counter: audit records that could not be written. */
    public static final String AUDIT_WRITE_FAILURES = "audit.write.failures";
    /** Counter by source: webhooks that were refused or could not be handled. */
    public static final String WEBHOOK_FAILURES = "webhook.failures";
    /** Gauge by name, seconds since 1970: when a certificate ends. */
    public static final String CERTIFICATE_EXPIRY = "certificate.expiry.timestamp.seconds";
    /** Gauge by name, seconds since 1970: when a key ends. */
    public static final String KEY_EXPIRY = "key.expiry.timestamp.seconds";
    /** Histogram: retrieval by knowledge base. */
    public static final String RAG_QUERY_PERFORMANCE = "rag.query.performance";

    private MetricNames() {}
}
