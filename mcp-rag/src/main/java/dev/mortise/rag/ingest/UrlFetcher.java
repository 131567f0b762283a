package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.internal.BoundedBody;
import dev.mortise.rag.store.DocumentKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches documents from the web for whoever asks: from public addresses only, bounded in size, time and redirects, and
 * only what may be a document. The address that was checked is the one that is connected to; each redirect is checked like
 * the first URL. Sends no credentials, keeps no cookies. Immutable, thread-safe.
 */
public final class UrlFetcher {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String ACCEPT = "text/markdown, text/html;q=0.9, text/plain;q=0.9, */*;q=0.5";

    private final UrlGuard guard;
    private final int maxBytes;
    private final int maxRedirects;
    private final Duration deadline;
    private final @Nullable SSLContext tls;

    private UrlFetcher(Builder builder) {
        this.guard = new UrlGuard(builder.plainHttp, builder.trusted, builder.resolver);
        this.maxBytes = builder.maxBytes;
        this.maxRedirects = builder.maxRedirects;
        this.deadline = builder.deadline;
        this.tls = builder.tls;
    }

    /** HTTPS and public addresses only; 16 MiB, 30 seconds, 5 redirects. */
    public static UrlFetcher standard() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** @throws DocumentRejected if it may not be fetched from there, or was not to be had */
    public DocumentSource fetch(DocumentKey key, URI url) throws DocumentRejected, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        URI next = withoutFragment(url);
        for (int hops = 0; hops <= maxRedirects; hops++) {
            HttpResponse<byte[]> response = get(next, end);
            if (!REDIRECTS.contains(response.statusCode())) {
                return document(key, url, next, response);
            }
            next = target(next, response);
        }
        throw new DocumentRejected(Reason.UNREACHABLE, "It redirects more than " + maxRedirects + " times");
    }

    private HttpResponse<byte[]> get(URI url, long end) throws DocumentRejected, InterruptedException {
        List<InetAddress> addresses = addresses(url, end);
        try (Tunnel tunnel = Tunnel.to(connect(addresses, port(url), end))) {
            HttpClient.Builder client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(ProxySelector.of(tunnel.address()));
            if (tls != null) {
                client.sslContext(tls);
            }
            HttpRequest request = HttpRequest.newBuilder(url)
                    .header("Accept", ACCEPT)
                    .header("User-Agent", "Mortise")
                    .build();
            HttpClient once = client.build();
            try {
                return answer(once, request, end);
            } finally {
                once.shutdownNow();
            }
        } catch (IOException e) {
            throw new DocumentRejected(Reason.UNAVAILABLE, "It could not be fetched from " + url.getHost(), e);
        }
    }

    /** On a thread of its own: a name server takes its time, and no interrupt ends the waiting for it. */
    private List<InetAddress> addresses(URI url, long end) throws DocumentRejected, InterruptedException {
        FutureTask<List<InetAddress>> checking = new FutureTask<>(() -> guard.check(url));
        Thread.ofPlatform().daemon().name("mortise-lookup").start(checking);
        try {
            return checking.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DocumentRejected refused) {
                throw refused;
            }
            throw new IllegalStateException("It could not be said whether this may be fetched", e);
        } catch (TimeoutException e) {
            throw tooSlow();
        }
    }

    private HttpResponse<byte[]> answer(HttpClient client, HttpRequest request, long end)
            throws IOException, DocumentRejected, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sending =
                client.sendAsync(request, info -> new BoundedBody(isWanted(info) ? maxBytes : 0));
        try {
            return sending.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw tooSlow();
        } finally {
            sending.cancel(true);
        }
    }

    private Socket connect(List<InetAddress> addresses, int port, long end) throws IOException, DocumentRejected {
        IOException last = null;
        for (InetAddress address : addresses) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                throw tooSlow();
            }
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), (int) Math.min(millis, 10_000));
                return socket;
            } catch (IOException e) {
                last = e;
                socket.close();
            }
        }
        throw last == null ? new IOException("There is no address") : last;
    }

    private DocumentRejected tooSlow() {
        return new DocumentRejected(Reason.TIMED_OUT, "It did not arrive whole within " + deadline.toSeconds() + " s");
    }

    private static boolean isWanted(ResponseInfo info) {
        return info.statusCode() == 200
                && isDocument(info.headers().firstValue("Content-Type"))
                && info.headers().firstValue("Content-Encoding").isEmpty();
    }

    private static boolean isDocument(Optional<String> type) {
        return type.isEmpty()
                || type.get().toLowerCase(Locale.ROOT).startsWith("text/")
                || type.get().toLowerCase(Locale.ROOT).startsWith("application/octet-stream")
                || Format.ofMediaType(type.get()).isPresent();
    }

    private DocumentSource document(DocumentKey key, URI asked, URI found, HttpResponse<byte[]> response)
            throws DocumentRejected {
        int status = response.statusCode();
        if (status != 200) {
            Reason reason = status == 429 || status >= 500 ? Reason.UNAVAILABLE : Reason.UNREACHABLE;
            throw new DocumentRejected(reason, "The server answered " + status);
        }
        Optional<String> type = response.headers().firstValue("Content-Type");
        if (!isDocument(type)) {
            throw new DocumentRejected(Reason.UNSUPPORTED, "What is there is not a document, by its media type");
        }
        if (response.headers().firstValue("Content-Encoding").isPresent()) {
            throw new DocumentRejected(Reason.UNSUPPORTED, "It came in an encoding that was not asked for");
        }
        if (response.body().length > maxBytes) {
            throw DocumentReader.tooLarge(
                    response.headers().firstValueAsLong("Content-Length").orElse(maxBytes + 1L), maxBytes);
        }
        DocumentSource source = DocumentSource.of(key, response.body()).withUri(asked.toString());
        String path = found.getPath() == null ? "" : found.getPath();
        String file = path.substring(path.lastIndexOf('/') + 1);
        source = file.isEmpty() ? source : source.withFileName(file);
        return type.isEmpty() ? source : source.withMediaType(type.get());
    }

    private static URI target(URI from, HttpResponse<byte[]> response) throws DocumentRejected {
        Optional<String> location = response.headers().firstValue("Location");
        try {
            return withoutFragment(from.resolve(location.orElseThrow(() -> nowhere(null))));
        } catch (IllegalArgumentException e) {
            throw nowhere(e);
        }
    }

    private static DocumentRejected nowhere(@Nullable Exception cause) {
        return new DocumentRejected(Reason.UNREACHABLE, "It redirects to nowhere", cause);
    }

    private static URI withoutFragment(URI url) {
        String text = url.toString();
        int fragment = text.indexOf('#');
        return fragment < 0 ? url : URI.create(text.substring(0, fragment));
    }

    private static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    /** Composes a {@link UrlFetcher}. Not thread-safe. */
    public static final class Builder {
        private final Set<String> trusted = new HashSet<>();
        private boolean plainHttp;
        private int maxBytes = 16 * 1024 * 1024;
        private int maxRedirects = 5;
        private Duration deadline = Duration.ofSeconds(30);
        private Resolver resolver = Resolver.SYSTEM;
        private @Nullable SSLContext tls;

        private Builder() {}

        /** Also fetches by HTTP, where whoever is between can read and change the document. */
        public Builder allowPlainHttp() {
            this.plainHttp = true;
            return this;
        }

        /**
         * Also fetches from this host when its address is private: a wiki of the company.
         *
         * @param host its exact name
         */
        public Builder trustHost(String host) {
            trusted.add(host.toLowerCase(Locale.ROOT));
            return this;
        }

        /** @param bytes the most that a document may have */
        public Builder maxBytes(int bytes) {
            this.maxBytes = bytes;
            return this;
        }

        /** @param redirects the most that are followed, 0 to 20 */
        public Builder maxRedirects(int redirects) {
            if (redirects < 0 || redirects > 20) {
                throw new IllegalArgumentException("0 to 20 redirects are followed, not " + redirects);
            }
            this.maxRedirects = redirects;
            return this;
        }

        /** @param whole for everything, from the first connection to the last byte, redirects included */
        public Builder deadline(Duration whole) {
            this.deadline = whole;
            return this;
        }

        /** Which certificates are trusted; those of the platform unless set. */
        public Builder tls(SSLContext context) {
            this.tls = context;
            return this;
        }

        /** For tests. */
        Builder resolver(Resolver asks) {
            this.resolver = asks;
            return this;
        }

        public UrlFetcher build() {
            return new UrlFetcher(this);
        }
    }
}
