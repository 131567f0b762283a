package dev.mortise.examples.production.knowledge;

import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.rag.embed.CachedEmbeddings;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.embed.OpenAiCompatibleEmbeddings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The model whose vectors are compared, where one is set; without one, documents are found by their words. */
final class Embeddings {
    private static final long CACHE_BYTES = 64_000_000;
    private static final Duration KEPT = Duration.ofDays(30);

    private Embeddings() {}

    static Optional<EmbeddingModel> of(Settings settings, Stores stores) {
        return settings.find(Setting.EMBEDDINGS_URL).map(url -> cached(model(url, settings), stores));
    }

    private static EmbeddingModel model(String url, Settings settings) {
        OpenAiCompatibleEmbeddings.Builder model = OpenAiCompatibleEmbeddings.at(
                URI.create(url),
                settings.get(Setting.EMBEDDINGS_MODEL),
                settings.number(Setting.EMBEDDINGS_DIMENSIONS));
        settings.find(Setting.EMBEDDINGS_KEY).ifPresent(key -> model.key(() -> key));
        return model.build();
    }

    private static EmbeddingModel cached(EmbeddingModel model, Stores stores) {
        CachedEmbeddings.Builder cached = CachedEmbeddings.of(model).maxBytes(CACHE_BYTES);
        stores.redis().ifPresent(redis -> cached.redis(redis, "mortise:vectors", KEPT));
        return cached.build();
    }
}
