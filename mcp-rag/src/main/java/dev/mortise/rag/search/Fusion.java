package dev.mortise.rag.search;

import dev.mortise.rag.search.SearchHit.Way;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ScoredChunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one order of several, by ranks: scores of different ways of looking cannot be added (Cormack, Clarke and Büttcher,
 * Reciprocal Rank Fusion, SIGIR 2009).
 */
final class Fusion {
    /** From the paper: how little the very first ranks tower over the next. */
    private static final int SMOOTHING = 60;

    private final Map<Chunk.Id, Candidate> candidates = new LinkedHashMap<>();

    void add(Way way, double weight, List<ScoredChunk> found) {
        int rank = 1;
        for (ScoredChunk hit : found) {
            Candidate candidate = candidates.computeIfAbsent(hit.chunk().id(), id -> new Candidate(hit.chunk()));
            candidate.fused += weight / (SMOOTHING + rank++);
            candidate.relevance = Math.max(candidate.relevance, Math.clamp(hit.score(), 0, 1));
            candidate.ways.add(way);
        }
    }

    /** Best first. */
    List<Candidate> ranked() {
        List<Candidate> ranked = new ArrayList<>(candidates.values());
        // Sorting is stable: of equals, what the first way found first.
        ranked.sort(Comparator.comparingDouble((Candidate candidate) -> candidate.fused)
                .reversed());
        return ranked;
    }

    /** A chunk on its way to become a hit. */
    static final class Candidate {
        final Chunk chunk;
        final Set<Way> ways = EnumSet.noneOf(Way.class);
        double fused;
        double relevance;

        Candidate(Chunk chunk) {
            this.chunk = chunk;
        }
    }
}
