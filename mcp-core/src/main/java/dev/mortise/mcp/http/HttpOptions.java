package dev.mortise.mcp.http;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can set on {@link StreamableHttp}. Immutable. The defaults suit a server that is reached by its
 * own machine only; a public one names at least its host: {@code HttpOptions.builder().allowHost("mcp.example.com")}.
 */
public final class HttpOptions {
    private final AllowedHosts hosts;
    private final Set<String> origins;
    private final int maxBodyBytes;
    private final Duration bodyDeadline;
    private final Duration silence;
    private final Duration heartbeat;
    private final Duration shutdownGrace;
    private final @Nullable URI publicUri;
    private final @Nullable HttpObserver observer;

    private HttpOptions(Builder builder) {
        hosts = new AllowedHosts(builder.hosts, builder.anyHost);
        origins = Set.copyOf(builder.origins);
        maxBodyBytes = builder.maxBodyBytes;
        bodyDeadline = builder.bodyDeadline;
        silence = builder.silence;
        heartbeat = builder.heartbeat;
        shutdownGrace = builder.shutdownGrace;
        publicUri = builder.publicUri;
        observer = builder.observer;
    }

    public static HttpOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    AllowedHosts hosts() {
        return hosts;
    }

    Set<String> origins() {
        return origins;
    }

    int maxBodyBytes() {
        return maxBodyBytes;
    }

    Duration bodyDeadline() {
        return bodyDeadline;
    }

    Duration silence() {
        return silence;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    Duration shutdownGrace() {
        return shutdownGrace;
    }

    /** The shortest span after which something has to happen. */
    Duration shortestSpan() {
        return Stream.of(bodyDeadline, silence, heartbeat)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    Optional<URI> publicUri() {
        return Optional.ofNullable(publicUri);
    }

    @Nullable
    HttpObserver observer() {
        return observer;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final Set<String> hosts = new HashSet<>(AllowedHosts.LOOPBACK);
        private final Set<String> origins = new HashSet<>();
        private boolean anyHost;
        private int maxBodyBytes = 4 * 1024 * 1024;
        private Duration bodyDeadline = Duration.ofSeconds(30);
        private Duration silence = Duration.ofSeconds(1);
        private Duration heartbeat = Duration.ofSeconds(15);
        private Duration shutdownGrace = Duration.ofSeconds(5);
        private @Nullable URI publicUri;
        private @Nullable HttpObserver observer;

        private Builder() {}

        /**
         * Allows requests whose {@code Host} is this name, on any port, and requests that a web page of this host
         * sends. Loopback names are always allowed. The check keeps a web page from reaching this server by DNS
         * rebinding (Streamable HTTP: Security &amp; Endpoint).
         *
         * @param host a name or address without scheme and port: {@code mcp.example.com}, {@code [2001:db8::1]}
         */
        public Builder allowHost(String host) {
            Authority authority = Authority.parse(host)
                    .filter(parsed -> parsed.port().isEmpty())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "A host is a name or an address without scheme, port and path, not: " + host));
            hosts.add(authority.host());
            return this;
        }

        /** Switches the check of {@code Host} off, where a proxy in front of this server does it. */
        public Builder allowAnyHost() {
            anyHost = true;
            return this;
        }

        /**
         * Allows requests from the web pages of this origin, and answers them with CORS fields.
         *
         * @param origin scheme, host, and the port where it is not the scheme's own: {@code https://app.example.com}
         */
        public Builder allowOrigin(String origin) {
            origins.add(WebOrigin.parse(origin)
                    .map(WebOrigin::toString)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "An origin is a scheme, a host and perhaps a port, without a path, not: " + origin)));
            return this;
        }

        /** The largest body that is read, in bytes; 4 MiB unless set. */
        public Builder maxBodyBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxBodyBytes must be positive, not " + bytes);
            }
            maxBodyBytes = bytes;
            return this;
        }

        /** How long a body may take to arrive as a whole; 30 s unless set. */
        public Builder bodyDeadline(Duration deadline) {
            bodyDeadline = positive("bodyDeadline", deadline);
            return this;
        }

        /** How long a handler may be silent before its reply becomes an event stream; 1 s unless set. */
        public Builder silence(Duration silence) {
            this.silence = positive("silence", silence);
            return this;
        }

        /** The interval of the comment lines that find out whether a client is still there; 15 s unless set. */
        public Builder heartbeat(Duration interval) {
            heartbeat = positive("heartbeat", interval);
            return this;
        }

        /** How long {@link StreamableHttp#close} lets running requests finish; 5 s unless set; zero is allowed. */
        public Builder shutdownGrace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("shutdownGrace must not be negative: " + grace);
            }
            shutdownGrace = grace;
            return this;
        }

        /**
         * The URI by which clients know the endpoint, where a proxy rewrites scheme, host or path. It stands in for
         * what a request says about itself, in OAuth metadata and DPoP proofs for instance, and its host is allowed.
         */
        public Builder publicUri(URI uri) {
            if (!uri.isAbsolute() || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
                throw new IllegalArgumentException(
                        "The public URI has a scheme, a host and a path, and no query or fragment, not: " + uri);
            }
            publicUri = uri;
            return allowHost(uri.getHost());
        }

        /** Sees every request, for metrics and access logs; none unless set. */
        public Builder observer(HttpObserver observer) {
            this.observer = observer;
            return this;
        }

        public HttpOptions build() {
            return new HttpOptions(this);
        }

        private static Duration positive(String name, Duration duration) {
            if (!duration.isPositive()) {
                throw new IllegalArgumentException(name + " must be positive, not " + duration);
            }
            return duration;
        }
    }
}
