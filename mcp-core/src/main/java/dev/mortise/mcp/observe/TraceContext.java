package dev.mortise.mcp.observe;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.transport.HttpHead;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace context of a request, as far as it can be used: what is malformed or larger than the standards ask one
 * to carry is left out, as if it had not been sent (Trace Context sections 3.2 and 3.3, Baggage section 3.3). It is
 * chosen by a client, and says nothing about who that is.
 *
 * @param traceparent of version 00 or a later one; {@code null} where there is none that can be used
 * @param tracestate at most 512 characters; {@code null} without a traceparent
 * @param baggage at most 8192 characters and 64 members
 */
public record TraceContext(
        @Nullable String traceparent,
        @Nullable String tracestate,
        @Nullable String baggage) {
    public static final TraceContext NONE = new TraceContext(null, null, null);

    /** The trace of a call, for logs: that of its own span, where {@link ServerTracing} can tell. */
    public static final Attribute<TraceContext> OF_CALL =
            Attribute.of("dev.mortise.mcp.observe.trace", TraceContext.class);

    static final List<String> FIELDS = List.of("traceparent", "tracestate", "baggage");

    private static final int SAMPLED = 1;
    private static final int MAX_TRACEPARENT = 256;
    private static final int MAX_TRACESTATE = 512;
    private static final int MAX_STATE_MEMBERS = 32;
    private static final int MAX_BAGGAGE = 8192;
    private static final int MAX_BAGGAGE_MEMBERS = 64;

    /**
     * That of {@code _meta}, which belongs to the message; else that of the HTTP request, which may have been through
     * hands that know nothing of the message (OpenTelemetry conventions for MCP: Context propagation). All three fields
     * come from the same place.
     */
    public static TraceContext of(CallContext call) {
        TraceContext ofMessage = ofMessage(call.meta());
        if (ofMessage.traceparent != null || !(call.origin() instanceof HttpHead head)) {
            return ofMessage;
        }
        TraceContext ofRequest = ofRequest(head);
        return ofRequest.traceparent == null && ofMessage.baggage != null ? ofMessage : ofRequest;
    }

    /** What {@code _meta} says (basic: OpenTelemetry trace context). */
    public static TraceContext ofMessage(Meta meta) {
        return of(
                meta.text("traceparent").orElse(null),
                meta.text("tracestate").orElse(null),
                meta.text("baggage").orElse(null));
    }

    /** What the header fields say. */
    public static TraceContext ofRequest(HttpHead head) {
        return of(
                only(head.headers("traceparent")), joined(head.headers("tracestate")), joined(head.headers("baggage")));
    }

    /** Keeps what can be used. */
    public static TraceContext of(@Nullable String traceparent, @Nullable String tracestate, @Nullable String baggage) {
        String parent = usable(traceparent);
        String state = parent != null && isList(tracestate, MAX_TRACESTATE, MAX_STATE_MEMBERS) ? tracestate : null;
        String items = isList(baggage, MAX_BAGGAGE, MAX_BAGGAGE_MEMBERS) ? baggage : null;
        return parent == null && items == null ? NONE : new TraceContext(parent, state, items);
    }

    /**
     * A trace of its own that nobody records, for requests that go out from where nothing is sampled: samplers that
     * follow the parent leave it at that (Trace Context: Sampled flag).
     */
    static TraceContext unsampled(@Nullable String baggage) {
        return new TraceContext("00-" + id() + id() + "-" + id() + "-00", null, baggage);
    }

    /** 16 random hexadecimal digits that are not all zero. Unique, and no secret. */
    private static String id() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    }

    /**
     * The {@code traceparent} of a request, as {@link #of(CallContext)} would find it.
     *
     * @return {@code null} where there is none that can be used
     */
    static @Nullable String traceparent(CallContext call) {
        String ofMessage = usable(call.meta().text("traceparent").orElse(null));
        return ofMessage != null || !(call.origin() instanceof HttpHead head)
                ? ofMessage
                : usable(only(head.headers("traceparent")));
    }

    static String traceId(String traceparent) {
        return traceparent.substring(3, 35);
    }

    /** Whether whoever sent this traceparent records the trace. */
    static boolean isSampled(String traceparent) {
        return (Character.digit(traceparent.charAt(54), 16) & SAMPLED) != 0;
    }

    /** Whether the trace is recorded where this comes from; false where there is no trace. */
    public boolean isSampled() {
        return traceparent != null && isSampled(traceparent);
    }

    /** 32 hexadecimal digits. */
    public Optional<String> traceId() {
        return traceparent == null ? Optional.empty() : Optional.of(traceId(traceparent));
    }

    /** 16 hexadecimal digits: the span of whoever sent this. */
    public Optional<String> spanId() {
        return traceparent == null ? Optional.empty() : Optional.of(traceparent.substring(36, 52));
    }

    /** The field of this name, in the lower case that the standards write; {@code null} where there is none. */
    public @Nullable String field(String name) {
        return switch (name) {
            case "traceparent" -> traceparent;
            case "tracestate" -> tracestate;
            case "baggage" -> baggage;
            default -> null;
        };
    }

    /** For the {@code _meta} of a request that goes out. */
    public Meta meta() {
        Meta meta = Meta.EMPTY;
        for (String name : FIELDS) {
            String value = field(name);
            if (value != null) {
                meta = meta.with(name, value);
            }
        }
        return meta;
    }

    private static @Nullable String usable(@Nullable String traceparent) {
        return traceparent != null && isTraceparent(traceparent) ? traceparent : null;
    }

    private static @Nullable String only(List<String> lines) {
        return lines.size() == 1 ? lines.get(0) : null;
    }

    /** {@code version-traceid-parentid-flags}; later versions may append more. */
    private static boolean isTraceparent(String text) {
        int length = text.length();
        if (length < 55 || length > MAX_TRACEPARENT) {
            return false;
        }
        boolean first = text.startsWith("00");
        return isHex(text, 0, 2)
                && !text.startsWith("ff")
                && text.charAt(2) == '-'
                && isHex(text, 3, 35)
                && !isZero(text, 3, 35)
                && text.charAt(35) == '-'
                && isHex(text, 36, 52)
                && !isZero(text, 36, 52)
                && text.charAt(52) == '-'
                && isHex(text, 53, 55)
                && (length == 55 || (!first && text.charAt(55) == '-' && isPrintable(text)));
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    private static boolean isList(@Nullable String text, int maxLength, int maxMembers) {
        if (text == null || text.isBlank() || text.length() > maxLength || !isPrintable(text)) {
            return false;
        }
        int members = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ',') {
                members++;
            }
        }
        return members <= maxMembers && text.indexOf('=') > 0;
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String joined(List<String> lines) {
        return lines.isEmpty() ? null : String.join(",", lines);
    }
}
