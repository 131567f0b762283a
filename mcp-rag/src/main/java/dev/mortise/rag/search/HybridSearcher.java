package dev.mortise.rag.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks by words and by vectors, and makes one answer of both. When the embedding model fails, the words answer alone, and
 * when the reranker does, the order stays; the result says so, and is not remembered. Results and vectors of queries are remembered: results until anything of the tenant changes.
 */
public final class HybridSearcher implements Searcher {
    private static final Logger LOG = LoggerFactory.getLogger(HybridSearcher.class);
    private static final int LEAST_CANDIDATES = 50;
    private static final int MOST_CANDIDATES = 1000;
    private static final int MOST_RERANKED = 50;

    /** After the first, where few documents have most of the candidates; each leaves out those that have enough hits. */
    private static final int MORE_ROUNDS = 4;

    private final ChunkStore store;
    private final @Nullable EmbeddingModel model;
    private final double wordsWeight;
    private final double vectorsWeight;
    private final @Nullable Reranker reranker;
    private final Cache<ResultKey, SearchResult> results;
    private final Cache<String, float[]> queryVectors;

    private HybridSearcher(Builder builder) {
        this.store = builder.store;
        this.model = builder.model;
        this.wordsWeight = builder.wordsWeight;
        this.vectorsWeight = builder.vectorsWeight;
        this.reranker = builder.reranker;
        this.results =
                Caffeine.newBuilder().maximumSize(builder.rememberedResults).build();
        this.queryVectors =
                Caffeine.newBuilder().maximumSize(builder.rememberedVectors).build();
    }

    /** By words only, until a model is set. */
    public static Builder over(ChunkStore store) {
        return new Builder(store);
    }

    @Override
    public SearchResult search(Tenant tenant, SearchQuery query) {
        if (query.text().isBlank()) {
            return new SearchResult(List.of(), false, false, 0);
        }
        // Asked before the store is: what changes in between makes the remembered result stale, never wrong.
        ResultKey key = new ResultKey(tenant, query, store.generation(tenant));
        SearchResult known = results.getIfPresent(key);
        if (known != null) {
            return new SearchResult(known.hits(), false, true, 0);
        }
        SearchResult fresh = searchStore(tenant, query);
        if (!fresh.degraded()) {
            results.put(key, fresh);
        }
        return fresh;
    }

    private SearchResult searchStore(Tenant tenant, SearchQuery query) {
        QueryVector vector = model == null || vectorsWeight == 0 ? null : vector(model, query.text());
        boolean degraded = vector != null && vector.numbers() == null;
        Selection selection = new Selection(query);
        List<SearchHit> chosen = List.of();
        Filter filter = query.filter();
        Set<DocumentKey> leftOut = Set.of();
        for (int round = 0; round <= MORE_ROUNDS; round++) {
            Found found = find(tenant, query, filter, vector == null ? null : vector.numbers());
            Ordered ordered = ordered(query.text(), found.hits());
            degraded |= ordered.failed();
            List<SearchHit> good = ordered.hits().stream()
                    .filter(hit -> hit.score() >= query.minimumScore())
                    .toList();
            chosen = selection.choose(good, tenant, store);
            // What documents with many hits have taken from the others is behind the candidates, if they were not all.
            Set<DocumentKey> full = selection.full();
            if (!found.more() || chosen.size() >= query.limit() || full.equals(leftOut)) {
                break;
            }
            leftOut = full;
            filter = Filter.allOf(query.filter(), Filter.not(new Filter.Documents(full)));
        }
        Snippets snippets = new Snippets(query.text());
        return new SearchResult(
                chosen.stream()
                        .map(hit -> new SearchHit(
                                hit.chunk(),
                                hit.score(),
                                hit.foundBy(),
                                snippets.of(hit.chunk().text())))
                        .toList(),
                degraded,
                false,
                vector == null ? 0 : vector.embedded());
    }

    /** @param more whether there may be others behind them */
    private record Found(List<SearchHit> hits, boolean more) {}

    private Found find(Tenant tenant, SearchQuery query, Filter filter, float @Nullable [] vector) {
        int candidates = Math.clamp(query.limit() * 5L, LEAST_CANDIDATES, MOST_CANDIDATES);
        Fusion fusion = new Fusion();
        boolean more = false;
        if (wordsWeight > 0) {
            List<ScoredChunk> byWords = store.matching(tenant, query.text(), filter, candidates);
            fusion.add(SearchHit.Way.WORDS, wordsWeight, byWords);
            more = byWords.size() >= candidates;
        }
        if (vector != null) {
            List<ScoredChunk> byVector = store.nearest(tenant, vector, filter, candidates);
            fusion.add(SearchHit.Way.VECTORS, vectorsWeight, byVector);
            more |= byVector.size() >= candidates;
        }
        List<SearchHit> hits = new ArrayList<>();
        for (Fusion.Candidate candidate : fusion.ranked()) {
            hits.add(
                    new SearchHit(candidate.chunk, candidate.relevance, candidate.ways, new Snippet("", 0, List.of())));
        }
        return new Found(hits, more);
    }

    /**
     * @param numbers null when the model cannot say
     * @param embedded how many texts it was asked for
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares these
    private record QueryVector(float @Nullable [] numbers, int embedded) {}

    /** Whatever the model throws, the words can still answer. */
    @SuppressWarnings("CatchingUnchecked")
    private QueryVector vector(EmbeddingModel asked, String text) {
        float[] known = queryVectors.getIfPresent(text);
        if (known != null) {
            return new QueryVector(known, 0);
        }
        try {
            EmbeddingModel.Embedded answer = asked.embedCounting(List.of(text), EmbeddingModel.Use.QUERY);
            List<float[]> vectors = answer.vectors();
            if (vectors.size() != 1 || vectors.getFirst().length != asked.dimensions()) {
                throw new IllegalStateException("The model " + asked.id() + " gave " + vectors.size()
                        + " vectors for one text, or one of other dimensions than it says");
            }
            queryVectors.put(text, vectors.getFirst());
            return new QueryVector(vectors.getFirst(), answer.computed());
        } catch (RuntimeException e) {
            LOG.warn("The model {} failed; words alone answer a query", asked.id(), e);
            return new QueryVector(null, 0);
        }
    }

    /** @param failed whether the reranker did, so that they are in the order of the index */
    private record Ordered(List<SearchHit> hits, boolean failed) {}

    /** The hits behind the first fifty keep their places. Whatever the reranker throws, the order stays as it was. */
    @SuppressWarnings("CatchingUnchecked")
    private Ordered ordered(String text, List<SearchHit> hits) {
        if (reranker == null || hits.isEmpty()) {
            return new Ordered(hits, false);
        }
        List<SearchHit> first = List.copyOf(hits.subList(0, Math.min(MOST_RERANKED, hits.size())));
        double[] scores;
        try {
            scores = reranker.score(text, first);
        } catch (RuntimeException e) {
            LOG.warn("The reranker failed; hits stay in the order of the index", e);
            return new Ordered(hits, true);
        }
        if (scores.length != first.size()) {
            LOG.warn(
                    "The reranker gave {} scores for {} hits; they stay in the order of the index",
                    scores.length,
                    first.size());
            return new Ordered(hits, true);
        }
        List<SearchHit> reranked = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            SearchHit hit = first.get(i);
            double score = Double.isNaN(scores[i]) ? 0 : Math.clamp(scores[i], 0, 1);
            reranked.add(new SearchHit(hit.chunk(), score, hit.foundBy(), hit.snippet()));
        }
        reranked.sort(Comparator.comparingDouble(SearchHit::score).reversed());
        reranked.addAll(hits.subList(first.size(), hits.size()));
        return new Ordered(reranked, false);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final ChunkStore store;
        private @Nullable EmbeddingModel model;
        private double wordsWeight = 1;
        private double vectorsWeight = 1;
        private @Nullable Reranker reranker;
        private long rememberedResults = 1_000;
        private long rememberedVectors = 10_000;

        private Builder(ChunkStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /** @throws IllegalArgumentException when the store does not hold its vectors */
        public Builder model(EmbeddingModel newModel) {
            if (!store.vectors().equals(java.util.Optional.of(VectorSpace.of(newModel)))) {
                throw new IllegalArgumentException("The store holds "
                        + store.vectors().map(VectorSpace::toString).orElse("no vectors") + ", the model makes "
                        + VectorSpace.of(newModel));
            }
            model = newModel;
            return this;
        }

        /**
         * How much each way of looking counts; 0 leaves it out. Alike, unless set. A model that knows only letters, like
         * the one that works without a network, should count for little.
         */
        public Builder weights(double words, double vectors) {
            if (!(words >= 0 && vectors >= 0 && words + vectors > 0 && words + vectors < Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Weights are not negative, and not both 0");
            }
            wordsWeight = words;
            vectorsWeight = vectors;
            return this;
        }

        /** None, unless set. */
        public Builder reranker(Reranker newReranker) {
            reranker = newReranker;
            return this;
        }

        /** How many results and vectors of queries are remembered; 0 for none. 1,000 and 10,000 unless set. */
        public Builder remember(long someResults, long vectors) {
            rememberedResults = someResults;
            rememberedVectors = vectors;
            return this;
        }

        public HybridSearcher build() {
            return new HybridSearcher(this);
        }
    }

    private record ResultKey(Tenant tenant, SearchQuery query, long generation) {}
}
