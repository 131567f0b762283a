package dev.mortise.examples.production.web;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page of the internet for somebody who may be hostile, from a server that may be hostile, too. Every hop of a
 * redirect is checked anew; nothing is sent along but what every reader sends; size, time and type are bounded.
 */
final class PageFetcher {
    private static final int MOST_HOPS = 5;
    private static final int MOST_BYTES = 2_000_000;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(15);
    private static final Set<String> READABLE =
            Set.of("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/json", "text/csv");

    private final AllowedHosts hosts;

    PageFetcher(AllowedHosts hosts) {
        this.hosts = hosts;
    }

    /** What was read, and where it was in the end. */
    record Page(URI url, String type, String content) {}

    Page fetch(String address) throws CannotAnswer {
        URI url = parsed(address);
        long start = System.nanoTime();
        for (int hop = 0; hop <= MOST_HOPS; hop++) {
            Answer answer = ask(url, start);
            if (answer.page() != null) {
                return answer.page();
            }
            url = url.resolve(parsed(answer.location()));
        }
        throw new CannotAnswer(ToolText.TOO_MANY_HOPS, MOST_HOPS);
    }

    private static URI parsed(String address) throws CannotAnswer {
        try {
            return new URI(address.strip().replace(" ", "%20"));
        } catch (URISyntaxException e) {
            throw new CannotAnswer(ToolText.NO_ADDRESS, address);
        }
    }

    private record Answer(@Nullable Page page, String location) {}

    private Answer ask(URI url, long start) throws CannotAnswer {
        hosts.require(url);
        HttpGet request = new HttpGet(url);
        request.setHeader("Accept", "text/html, text/markdown, text/plain, application/json, text/csv");
        // A client for each: no connection, cookie or cached name is shared between callers.
        try (CloseableHttpClient client = client(url)) {
            return client.execute(request, response -> answer(url, response, start));
        } catch (Told e) {
            throw e.told;
        } catch (GuardedAddresses.NotPublic e) {
            throw new CannotAnswer(ToolText.NOT_PUBLIC, url.getHost());
        } catch (UnknownHostException e) {
            throw new CannotAnswer(ToolText.NO_HOST, url.getHost());
        } catch (SocketTimeoutException e) {
            throw new CannotAnswer(ToolText.HOST_IS_SLOW, url.getHost());
        } catch (IOException e) {
            throw new CannotAnswer(ToolText.CONNECTION_FAILS, url.getHost());
        }
    }

    /** A refusal from inside a response handler, which may throw no other checked exception. */
    private static final class Told extends IOException {
        private static final long serialVersionUID = 1L;

        private final CannotAnswer told;

        Told(CannotAnswer told) {
            super(told);
            this.told = told;
        }
    }

    private CloseableHttpClient client(URI url) {
        HttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new GuardedAddresses(hosts.anywhere(url)))
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(5))
                        .setSocketTimeout(Timeout.ofSeconds(5))
                        .build())
                .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.ofSeconds(8))
                        .build())
                .setUserAgent("Mortise-fetch-page/1.0")
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .build();
    }

    private static Answer answer(URI url, ClassicHttpResponse response, long start) throws IOException {
        int status = response.getCode();
        if (status >= 300 && status < 400 && response.containsHeader("Location")) {
            return new Answer(null, response.getFirstHeader("Location").getValue());
        }
        HttpEntity entity = response.getEntity();
        if (status != 200 || entity == null) {
            throw new Told(new CannotAnswer(ToolText.OTHER_STATUS, url.getHost(), status));
        }
        ContentType type = Optional.ofNullable(ContentType.parseLenient(entity.getContentType()))
                .orElse(ContentType.TEXT_HTML);
        String mime = String.valueOf(type.getMimeType()).toLowerCase(Locale.ROOT);
        if (!READABLE.contains(mime)) {
            throw new Told(new CannotAnswer(ToolText.NO_TEXT, mime));
        }
        byte[] body = body(entity.getContent(), start);
        String declared = Objects.requireNonNullElse(type.getParameter("charset"), "");
        return new Answer(new Page(url, mime, PageCharset.decoded(body, declared, mime.contains("html"))), "");
    }

    /** Counted after it is unpacked, so that a small answer does not become a large one. */
    private static byte[] body(InputStream in, long start) throws IOException {
        byte[] bytes = new byte[MOST_BYTES + 1];
        int length = 0;
        while (length < bytes.length) {
            int read = in.read(bytes, length, Math.min(16_384, bytes.length - length));
            if (read < 0) {
                return Arrays.copyOf(bytes, length);
            }
            length += read;
            if (System.nanoTime() - start > LONGEST || Thread.currentThread().isInterrupted()) {
                throw new Told(new CannotAnswer(ToolText.PAGE_IS_SLOW));
            }
        }
        throw new Told(new CannotAnswer(ToolText.PAGE_TOO_LARGE));
    }
}
