package dev.mortise.mcp.observe;

import dev.mortise.mcp.schema.Meta;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Writes the trace context that is current on this thread, as tracing libraries know it. With Micrometer Tracing:
 *
 * <pre>{@code
 * TraceInjector injector = carrier -> {
 *     Span span = tracer.currentSpan();
 *     if (span != null) {
 *         propagator.inject(span.context(), carrier, BiConsumer::accept);
 *     }
 * };
 * }</pre>
 *
 * A client that calls on sends {@link #meta} with each request, and so the two servers share a trace. Called from many
 * threads.
 */
@FunctionalInterface
public interface TraceInjector {
    /** @param carrier takes names, such as {@code traceparent}, and values */
    void inject(BiConsumer<String, String> carrier);

    /** The current trace context, or {@link TraceContext#NONE}. */
    default TraceContext current() {
        Map<String, String> fields = new HashMap<>();
        inject(fields::put);
        return TraceContext.of(fields.get("traceparent"), fields.get("tracestate"), fields.get("baggage"));
    }

    /**
     * This, and where there is no trace, one that is not sampled: for what a server sends on that
     * {@linkplain ServerTracing.Builder#sampling samples beforehand}. Without it, the next server would take a call that
     * is not sampled for the beginning of a trace, and decide anew.
     */
    default TraceInjector orUnsampled() {
        return carrier -> {
            TraceContext current = current();
            TraceContext sent = current.traceparent() == null ? TraceContext.unsampled(current.baggage()) : current;
            for (String name : TraceContext.FIELDS) {
                String value = sent.field(name);
                if (value != null) {
                    carrier.accept(name, value);
                }
            }
        };
    }

    /** The current trace context for the {@code _meta} of a request that goes out. */
    default Meta meta() {
        return current().meta();
    }
}
