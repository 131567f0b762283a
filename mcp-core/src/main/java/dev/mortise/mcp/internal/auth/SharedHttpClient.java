package dev.mortise.mcp.internal.auth;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;

/** The HTTP client of all authorizations that were given none: it has a thread of its own, and lives with the process. */
public final class SharedHttpClient {
    private SharedHttpClient() {}

    private static final class Holder {
        private static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    public static HttpClient get() {
        return Holder.CLIENT;
    }
}
