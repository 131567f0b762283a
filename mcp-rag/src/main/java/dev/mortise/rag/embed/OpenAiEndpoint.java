package dev.mortise.rag.embed;

import dev.mortise.mcp.json.Json;
import dev.mortise.rag.embed.EmbeddingException.Kind;
import dev.mortise.rag.embed.EmbeddingModel.Use;
import dev.mortise.rag.internal.BoundedBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One request at a time to an endpoint as OpenAI's: what is sent, and what is believed of what comes back. */
final class OpenAiEndpoint implements BatchModel {
    /** A number takes some 12 bytes as a rule, and 24 where each of its digits is written. */
    private static final int BYTES_PER_NUMBER = 32;

    private static final int BYTES_BESIDE = 64 * 1024;

    private final URI url;
    private final String model;
    private final int dimensions;
    private final boolean sendDimensions;
    private final @Nullable Supplier<String> key;
    private final Prefixes prefixes;
    private final Duration timeout;
    private final Clock clock;

    /** The client of all: its threads live with the process. */
    private static final class Shared {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    OpenAiEndpoint(
            URI baseUrl,
            String model,
            int dimensions,
            boolean sendDimensions,
            @Nullable Supplier<String> key,
            Prefixes prefixes,
            Duration timeout,
            Clock clock) {
        String base = baseUrl.toString();
        this.url = URI.create((base.endsWith("/") ? base : base + "/") + "embeddings");
        this.model = model;
        this.dimensions = dimensions;
        this.sendDimensions = sendDimensions;
        this.key = key;
        this.prefixes = prefixes;
        this.timeout = timeout;
        this.clock = clock;
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) throws TryLater, InterruptedException {
        long maxBytes = BYTES_BESIDE + (long) texts.size() * dimensions * BYTES_PER_NUMBER;
        HttpResponse<byte[]> response = send(request(texts, use), maxBytes);
        check(response);
        if (response.body().length > maxBytes) {
            throw refused("The embedding endpoint answered more than " + maxBytes + " bytes", null);
        }
        return OpenAiAnswer.read(new ByteArrayInputStream(response.body()), texts.size(), dimensions);
    }

    private HttpRequest request(List<String> texts, Use use) {
        ObjectNode body = Json.object().put("model", model).put("encoding_format", "float");
        if (sendDimensions) {
            body.put("dimensions", dimensions);
        }
        ArrayNode input = body.putArray("input");
        prefixes.before(texts, use).forEach(input::add);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)));
        if (key != null) {
            request.header("Authorization", "Bearer " + key.get());
        }
        return request.build();
    }

    private HttpResponse<byte[]> send(HttpRequest request, long maxBytes) throws TryLater, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sending = Shared.CLIENT.sendAsync(
                request, info -> new BoundedBody((int) Math.min(maxBytes, Integer.MAX_VALUE - 1)));
        try {
            return sending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new TryLater("The embedding endpoint did not answer within " + timeout, null, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) {
                throw new TryLater("The embedding endpoint is not to be reached, or hung up", null, e.getCause());
            }
            throw refused("The request to the embedding endpoint failed", e.getCause());
        } finally {
            sending.cancel(true);
        }
    }

    /** The body of a refusal is not repeated: it may quote the texts. */
    private void check(HttpResponse<byte[]> response) throws TryLater {
        int status = response.statusCode();
        if (status == 200) {
            return;
        }
        String message = "The embedding endpoint answered " + status;
        boolean busy = status == 408 || status == 425 || status == 429 || status >= 500;
        if (busy) {
            throw new TryLater(message, RetryAfter.of(response.headers(), clock), null);
        }
        throw refused(message, null);
    }

    private static EmbeddingException refused(String message, @Nullable Throwable cause) {
        return new EmbeddingException(Kind.REFUSED, message, cause);
    }
}
