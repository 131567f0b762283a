package dev.mortise.rag.embed;

import dev.mortise.mcp.resilience.Backoff;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks an endpoint that speaks as OpenAI's {@code POST /embeddings} does: OpenAI itself, Ollama, vLLM, Text Embeddings
 * Inference, LiteLLM and others. Batches are bounded, a few run at once, 429 and 5xx are tried again when the endpoint says
 * so ({@code Retry-After}, RFC 9110 section 10.2.3), and an answer that is not one vector of the right size for each text
 * is refused. Immutable, thread-safe.
 */
public final class OpenAiCompatibleEmbeddings implements EmbeddingModel {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String id;
    private final int dimensions;
    private final Batches batches;

    private OpenAiCompatibleEmbeddings(Builder builder) {
        this.id = builder.model + "@" + builder.revision + "#" + builder.dimensions
                + (builder.prefixes.areEmpty() ? "" : "!" + builder.prefixes.id());
        this.dimensions = builder.dimensions;
        OpenAiEndpoint endpoint = new OpenAiEndpoint(
                builder.baseUrl,
                builder.model,
                builder.dimensions,
                builder.sendDimensions,
                builder.key,
                builder.prefixes,
                builder.timeout,
                builder.clock);
        Batches.Settings settings = new Batches.Settings(
                builder.batchTexts,
                builder.batchCharacters,
                builder.concurrency,
                builder.attempts,
                builder.backoff,
                builder.patience);
        this.batches = new Batches(endpoint, settings, builder.pause);
    }

    /**
     * @param baseUrl what comes before {@code /embeddings}, such as {@code https://api.openai.com/v1}
     * @param model as the endpoint names it
     * @param dimensions of its vectors
     */
    public static Builder at(URI baseUrl, String model, int dimensions) {
        return new Builder(baseUrl, model, dimensions);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        return texts.isEmpty() ? List.of() : batches.embed(texts, use);
    }

    @Override
    public String toString() {
        return id;
    }

    /** Composes an {@link OpenAiCompatibleEmbeddings}. Not thread-safe. */
    public static final class Builder {
        private final URI baseUrl;
        private final String model;
        private final int dimensions;
        private boolean sendDimensions;
        private boolean plainHttp;
        private @Nullable Supplier<String> key;
        private String revision = "1";
        private Prefixes prefixes = new Prefixes("", "");
        private int batchTexts = 64;
        private int batchCharacters = 200_000;
        private int concurrency = 4;
        private int attempts = 4;
        private Duration timeout = Duration.ofSeconds(30);
        private Duration patience = Duration.ofSeconds(60);
        private Backoff backoff = Backoff.between(Duration.ofMillis(500), Duration.ofSeconds(20));
        private Clock clock = Clock.systemUTC();
        private Batches.Pause pause = Thread::sleep;

        private Builder(URI baseUrl, String model, int dimensions) {
            String scheme =
                    baseUrl.getScheme() == null ? "" : baseUrl.getScheme().toLowerCase(Locale.ROOT);
            if (baseUrl.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
                throw new IllegalArgumentException("The base URL of an endpoint is an absolute http or https URL");
            }
            if (dimensions < 1 || dimensions > 4096) {
                throw new IllegalArgumentException("Vectors have 1 to 4096 dimensions, not " + dimensions);
            }
            this.baseUrl = baseUrl;
            this.model = model;
            this.dimensions = dimensions;
        }

        /** @param bearer is asked at each request, so that a key can be changed while the server runs */
        public Builder key(Supplier<String> bearer) {
            this.key = bearer;
            return this;
        }

        /** Asks for vectors of so many dimensions, of models that have more: the {@code dimensions} of OpenAI. */
        public Builder shortened() {
            this.sendDimensions = true;
            return this;
        }

        /** Changes the {@link #id()}: for an endpoint that serves another model under the same name. */
        public Builder revision(String newRevision) {
            this.revision = newRevision;
            return this;
        }

        /** What the model was trained to see before a text, such as {@code "passage: "} and {@code "query: "}. */
        public Builder prefixes(String passage, String query) {
            this.prefixes = new Prefixes(passage, query);
            return this;
        }

        /**
         * How large a request is: 64 texts and 200,000 characters unless set.
         *
         * @param texts at most, 1 to 2048
         * @param characters at most, unless one text alone has more
         */
        public Builder batch(int texts, int characters) {
            if (texts < 1 || texts > 2048 || characters < 1) {
                throw new IllegalArgumentException("A batch has 1 to 2048 texts and at least one character");
            }
            this.batchTexts = texts;
            this.batchCharacters = characters;
            return this;
        }

        /** @param requests how many run at once, of all callers, 1 to 256; 4 unless set */
        public Builder concurrency(int requests) {
            if (requests < 1 || requests > 256) {
                throw new IllegalArgumentException("1 to 256 requests run at once, not " + requests);
            }
            this.concurrency = requests;
            return this;
        }

        /**
         * How often a request is made, and how long is waited in between: 4 times, from half a second to 20 seconds.
         *
         * @param newPatience if the endpoint wants a longer pause than this, the call fails at once
         */
        public Builder retry(int newAttempts, Backoff newBackoff, Duration newPatience) {
            if (newAttempts < 1 || newAttempts > 20) {
                throw new IllegalArgumentException("1 to 20 attempts are made, not " + newAttempts);
            }
            this.attempts = newAttempts;
            this.backoff = newBackoff;
            this.patience = newPatience;
            return this;
        }

        /** @param request from its beginning to the last byte of the answer; 30 seconds unless set */
        public Builder timeout(Duration request) {
            this.timeout = request;
            return this;
        }

        /** Sends the key and the texts over HTTP to another machine, where whoever is between can read them. */
        public Builder allowPlainHttp() {
            this.plainHttp = true;
            return this;
        }

        /** What HTTP dates are compared with. */
        public Builder clock(Clock tells) {
            this.clock = tells;
            return this;
        }

        /** For tests. */
        Builder pause(Batches.Pause newPause) {
            this.pause = newPause;
            return this;
        }

        public OpenAiCompatibleEmbeddings build() {
            if (key != null
                    && !plainHttp
                    && baseUrl.getScheme().equalsIgnoreCase("http")
                    && !LOOPBACK.contains(baseUrl.getHost().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "A key is not sent over HTTP to another machine; allowPlainHttp() permits it");
            }
            return new OpenAiCompatibleEmbeddings(this);
        }
    }
}
