package dev.mortise.mcp.schema;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The {@code _meta} keys that the specification reserves, and the form of every key: {@code name} or
 * {@code prefix/name} (specification, basic: {@code _meta}). Thread-safe.
 */
public final class MetaKeys {
    /** Where progress of this request shall be reported to; the value is a {@link ProgressToken}. */
    public static final String PROGRESS_TOKEN = "progressToken";

    /** The revision that a request is written in; required on every request. */
    public static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

    /** Who asks, as an {@link Implementation}; claimed by the client and never verified. */
    public static final String CLIENT_INFO = "io.modelcontextprotocol/clientInfo";

    /** The {@link ClientCapabilities} for this one request; required on every request. */
    public static final String CLIENT_CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    /** The least {@link LoggingLevel} to send for this request; without it no log messages may be sent. */
    public static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

    /** The id of the {@code subscriptions/listen} request whose stream carries a message. */
    public static final String SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";

    /** Who answers, as an {@link Implementation}; claimed by the server and never verified. */
    public static final String SERVER_INFO = "io.modelcontextprotocol/serverInfo";

    /** The caller's span, in the form of W3C Trace Context. */
    public static final String TRACEPARENT = "traceparent";

    /** Vendor parts of the trace, in the form of W3C Trace Context. */
    public static final String TRACESTATE = "tracestate";

    /** Application values that travel with the trace, in the form of W3C Baggage. */
    public static final String BAGGAGE = "baggage";

    private static final Set<String> RESERVED_NAMES = Set.of(PROGRESS_TOKEN, TRACEPARENT, TRACESTATE, BAGGAGE);
    private static final Set<String> RESERVED_LABELS = Set.of("modelcontextprotocol", "mcp");

    private static final Pattern LABEL = Pattern.compile("[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?");

    private MetaKeys() {}

    /** Whether a key has the form of the specification. The name behind a prefix may be empty. */
    public static boolean isValid(String key) {
        int slash = key.indexOf('/');
        return (slash < 0
                        || labels(key, slash)
                                .allMatch(label -> LABEL.matcher(label).matches()))
                && NAME.matcher(key.substring(slash + 1)).matches();
    }

    /**
     * Whether a key belongs to the protocol: one of its bare names, or any key whose prefix has
     * {@code modelcontextprotocol} or {@code mcp} as its second label. Applications must not invent such keys.
     */
    public static boolean isReserved(String key) {
        int slash = key.indexOf('/');
        return slash < 0
                ? RESERVED_NAMES.contains(key)
                : labels(key, slash)
                        .skip(1)
                        .limit(1)
                        .anyMatch(label -> RESERVED_LABELS.contains(label.toLowerCase(Locale.ROOT)));
    }

    /** Extensions are named like {@code _meta} keys, but the prefix is not optional for them. */
    static String extensionId(String id) {
        if (id.indexOf('/') < 0 || !isValid(id)) {
            throw new IllegalArgumentException(
                    "not an extension id: \"" + id + "\"; an id is prefix/name, such as com.example/search");
        }
        return id;
    }

    private static Stream<String> labels(String key, int slash) {
        return Stream.of(key.substring(0, slash).split("\\.", -1));
    }
}
