package dev.mortise.rag.search;

import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/** Chooses hits from an order, and then from later ones: so many of a document, and, if wanted, few that say the same. */
final class Selection {
    /** A hit behind these is too far off to be lifted for being different. */
    private static final int POOL = 50;

    private final SearchQuery query;
    private final Map<DocumentKey, Integer> ofDocument = new HashMap<>();
    private final Set<DocumentKey> cut = new HashSet<>();
    private final Set<Chunk.Id> seen = new HashSet<>();
    private final List<SearchHit> chosen = new ArrayList<>();

    Selection(SearchQuery query) {
        this.query = query;
    }

    /** What is chosen by now, with these behind what was before; those that were there before are left out. */
    List<SearchHit> choose(List<SearchHit> found, Tenant tenant, ChunkStore store) {
        List<SearchHit> ranked =
                found.stream().filter(hit -> seen.add(hit.chunk().id())).toList();
        if (query.diversity() == 0) {
            ranked.forEach(this::take);
        } else {
            List<SearchHit> pool = ranked.subList(0, Math.min(POOL, ranked.size()));
            diverse(pool, likeness(pool, tenant, store));
            ranked.subList(pool.size(), ranked.size()).forEach(this::take);
        }
        return chosen;
    }

    private boolean take(SearchHit hit) {
        if (chosen.size() == query.limit()) {
            return false;
        }
        DocumentKey document = hit.chunk().document();
        if (ofDocument.merge(document, 1, Integer::sum) > query.perDocument()) {
            cut.add(document);
            return false;
        }
        return chosen.add(hit);
    }

    /** The documents of which hits were left out, because they have enough. */
    Set<DocumentKey> full() {
        return Set.copyOf(cut);
    }

    /** Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998), where relevance is the rank. */
    private void diverse(List<SearchHit> pool, ToDoubleBiFunction<SearchHit, SearchHit> likeness) {
        List<SearchHit> left = new ArrayList<>(pool);
        Map<SearchHit, Double> relevance = new HashMap<>();
        for (int i = 0; i < pool.size(); i++) {
            relevance.put(pool.get(i), 1 - (double) i / pool.size());
        }
        Map<SearchHit, Double> nearest = new HashMap<>();
        while (!left.isEmpty() && chosen.size() < query.limit()) {
            SearchHit best = left.getFirst();
            double most = Double.NEGATIVE_INFINITY;
            for (SearchHit hit : left) {
                double value = (1 - query.diversity()) * relevance.getOrDefault(hit, 0.0)
                        - query.diversity() * nearest.getOrDefault(hit, 0.0);
                if (value > most) {
                    most = value;
                    best = hit;
                }
            }
            left.remove(best);
            if (take(best)) {
                for (SearchHit hit : left) {
                    nearest.merge(hit, likeness.applyAsDouble(best, hit), Math::max);
                }
            }
        }
    }

    /** The cosine where there are vectors, else how many of the words are the same. */
    private static ToDoubleBiFunction<SearchHit, SearchHit> likeness(
            List<SearchHit> pool, Tenant tenant, ChunkStore store) {
        if (store.vectors().isPresent()) {
            Map<Chunk.Id, float[]> vectors = store.vectorsOf(
                    tenant, pool.stream().map(hit -> hit.chunk().id()).toList());
            float[] none = {};
            return (a, b) -> cosine(
                    vectors.getOrDefault(a.chunk().id(), none),
                    vectors.getOrDefault(b.chunk().id(), none));
        }
        Map<Chunk.Id, Set<String>> terms = new HashMap<>();
        pool.forEach(hit ->
                terms.put(hit.chunk().id(), TextAnalyzer.terms(hit.chunk().text())));
        return (a, b) -> overlap(
                terms.getOrDefault(a.chunk().id(), Set.of()),
                terms.getOrDefault(b.chunk().id(), Set.of()));
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            sum += (double) a[i] * b[i];
        }
        return Math.max(0, sum);
    }

    private static double overlap(Set<String> a, Set<String> b) {
        long common = a.stream().filter(b::contains).count();
        long all = a.size() + b.size() - common;
        return all == 0 ? 0 : (double) common / all;
    }
}
