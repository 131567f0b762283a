package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps web pages from reaching the server by DNS rebinding or from origins nobody allowed (Streamable HTTP: Security
 * &amp; Endpoint). Thread-safe.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);
    private static final long LOG_INTERVAL_NANOS = 1_000_000_000L;
    private static final int MAX_LOGGED = 100;

    private final HttpOptions options;
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

    /** The last that was allowed. Nearly all requests name the same, and to compare is cheaper than to parse. */
    private volatile @Nullable String knownHost;

    Gate(HttpOptions options) {
        this.options = options;
    }

    Optional<Rejection> objection(HttpHead head) {
        Optional<Rejection> host = hostObjection(head);
        return host.isPresent() ? host : originObjection(head);
    }

    /** For routes that anybody may ask by any name. */
    Optional<Rejection> originObjection(HttpHead head) {
        List<String> origins = head.headers("Origin");
        if (origins.isEmpty() || (origins.size() == 1 && allows(origins.get(0)))) {
            return Optional.empty();
        }
        tellOperator(
                "Refused a request from the web page origin '{}'; to allow it: allowOrigin(\"…\")", origins.get(0));
        return Optional.of(Rejection.of(403, "This origin is not allowed"));
    }

    private Optional<Rejection> hostObjection(HttpHead head) {
        List<String> hosts = head.headers("Host");
        // HTTP/2 has :authority instead, which containers show in the URI only.
        String host = hosts.isEmpty() ? String.valueOf(head.uri().getRawAuthority()) : hosts.get(0);
        if (hosts.size() <= 1) {
            if (host.equals(knownHost)) {
                return Optional.empty();
            }
            if (Authority.parse(host).filter(options.hosts()::allows).isPresent()) {
                knownHost = host;
                return Optional.empty();
            }
        }
        tellOperator("Refused a request for the host '{}'; if it is this server: allowHost(\"…\")", host);
        return Optional.of(Rejection.of(403, "This host name is not allowed"));
    }

    private boolean allows(String text) {
        Optional<WebOrigin> origin = WebOrigin.parse(text);
        return origin.isPresent()
                && (options.origins().contains(origin.get().toString())
                        || (origin.get().isHttp()
                                && options.hosts().allowsPagesOf(origin.get().host())));
    }

    /** At most one line a second, so that nobody can fill the disk. */
    private void tellOperator(String format, String value) {
        long now = System.nanoTime();
        long next = nextLog.get();
        if (now - next >= 0 && nextLog.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            LOG.warn(format, printable(value));
        }
    }

    private static String printable(String value) {
        StringBuilder text = new StringBuilder();
        value.chars().limit(MAX_LOGGED).forEach(c -> text.append(c >= ' ' && c < 127 ? (char) c : '?'));
        return text.toString();
    }
}
