package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * Ranks chunks by words. A chunk is as good as its own words, those of its document as a whole, and, a little, those of the
 * other chunks that match in that document: an answer is often spread over a page, and a page that is about the question
 * is the better place to look.
 */
final class LexicalSearch {
    private static final float OF_DOCUMENT = 0.45f;
    private static final float[] OF_OTHERS = {0.25f, 0.1f};
    private static final float[] NONE = {};
    private static final int DOCUMENTS = 100;
    private static final int CHUNKS_OF_DOCUMENTS = 50;
    private static final int LEAST_CHUNKS = 200;

    private final IndexSearcher searcher;
    private final Tenant tenant;
    private final Filter filter;
    private final Blocks blocks;

    LexicalSearch(Snapshot snapshot, Tenant tenant, Filter filter) {
        this.searcher = snapshot.scoring(tenant);
        this.tenant = tenant;
        this.filter = filter;
        this.blocks = new Blocks(searcher.getIndexReader());
    }

    /** Best first; a score is the share of what the words could have scored at most. */
    List<ScoredChunk> search(Map<String, Float> terms, int limit) throws IOException {
        if (terms.isEmpty()) {
            return List.of();
        }
        Map<Long, Float> documents = documents(terms);
        Query chunks = query(Fields.CHUNK_TERMS, terms, Filters.of(tenant, Fields.CHUNK, filter));
        int most = Math.max(LEAST_CHUNKS, limit * 2);
        Map<Integer, Found> found = new LinkedHashMap<>();
        collect(chunks, most, found);
        List<BytesRef> best = new ArrayList<>(CHUNKS_OF_DOCUMENTS);
        for (long document : documents.keySet()) {
            if (best.size() < CHUNKS_OF_DOCUMENTS) {
                best.add(blocks.key(document));
            }
        }
        collect(within(chunks, best), most, found);
        return ranked(found.values(), documents, limit, attainable(terms));
    }

    private Map<Long, Float> documents(Map<String, Float> terms) throws IOException {
        Query query = query(Fields.WHOLE_TERMS, terms, Filters.of(tenant, Fields.WHOLE, Filter.ALL));
        Map<Long, Float> scores = new LinkedHashMap<>();
        ScoreDoc[] hits = sorted(searcher.search(query, DOCUMENTS).scoreDocs);
        long[] documents = blocks.of(hits);
        for (int i = 0; i < hits.length; i++) {
            scores.put(documents[i], hits[i].score);
        }
        return scores;
    }

    private void collect(Query query, int most, Map<Integer, Found> found) throws IOException {
        ScoreDoc[] hits = sorted(searcher.search(query, most).scoreDocs);
        long[] documents = blocks.of(hits);
        for (int i = 0; i < hits.length; i++) {
            found.putIfAbsent(hits[i].doc, new Found(hits[i].doc, documents[i], hits[i].score));
        }
    }

    private List<ScoredChunk> ranked(Collection<Found> found, Map<Long, Float> documents, int limit, float attainable)
            throws IOException {
        Map<Long, float[]> bestOfDocument = new HashMap<>();
        for (Found chunk : found) {
            float[] best = bestOfDocument.computeIfAbsent(chunk.document, key -> new float[OF_OTHERS.length + 1]);
            insert(best, chunk.score);
        }
        List<Found> ranked = new ArrayList<>();
        for (Found chunk : found) {
            float score = (1 - OF_DOCUMENT)
                            * (chunk.score + others(bestOfDocument.getOrDefault(chunk.document, NONE), chunk.score))
                    + OF_DOCUMENT * documents.getOrDefault(chunk.document, 0f);
            ranked.add(new Found(chunk.entry, chunk.document, score));
        }
        // Those that are as good as each other by name: where they lie in the index, others' documents have a say in.
        Map<Long, BytesRef> keys = new HashMap<>();
        ranked.sort(Comparator.comparingDouble(Found::score)
                .reversed()
                .thenComparing(one -> keys.computeIfAbsent(one.document, blocks::knownKey))
                .thenComparingInt(Found::entry));
        List<Found> wanted = ranked.subList(0, Math.min(limit, ranked.size()));
        List<Chunk> chunks =
                Stored.chunks(searcher, wanted.stream().mapToInt(Found::entry).toArray());
        List<ScoredChunk> hits = new ArrayList<>(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            hits.add(new ScoredChunk(chunks.get(i), Math.min(1, wanted.get(i).score / attainable)));
        }
        return hits;
    }

    private static void insert(float[] best, float score) {
        for (int i = 0; i < best.length; i++) {
            if (score > best[i]) {
                System.arraycopy(best, i, best, i + 1, best.length - 1 - i);
                best[i] = score;
                return;
            }
        }
    }

    /** What the best other chunks of the document add. */
    private static float others(float[] best, float own) {
        float sum = 0;
        int place = 0;
        boolean skipped = false;
        for (float score : best) {
            if (!skipped && score == own) {
                skipped = true;
            } else if (place < OF_OTHERS.length) {
                sum += OF_OTHERS[place++] * score;
            }
        }
        return sum;
    }

    private static float attainable(Map<String, Float> terms) {
        float sum = 0;
        for (float weight : terms.values()) {
            sum += weight;
        }
        float others = 0;
        for (float share : OF_OTHERS) {
            others += share;
        }
        return Math.max(Float.MIN_NORMAL, sum * (OF_DOCUMENT + (1 - OF_DOCUMENT) * (1 + others)));
    }

    private Query query(String field, Map<String, Float> terms, Query filter) {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        terms.forEach((term, weight) -> any.add(
                new BoostQuery(new TermQuery(new Term(field, Fields.term(tenant, term))), weight), Occur.SHOULD));
        return new BooleanQuery.Builder()
                .add(any.build(), Occur.MUST)
                .add(filter, Occur.FILTER)
                .build();
    }

    private static Query within(Query chunks, List<BytesRef> documents) {
        return new BooleanQuery.Builder()
                .add(chunks, Occur.MUST)
                .add(new TermInSetQuery(Fields.KEY, documents), Occur.FILTER)
                .build();
    }

    private static ScoreDoc[] sorted(ScoreDoc[] hits) {
        Arrays.sort(
                hits, Comparator.<ScoreDoc>comparingDouble(hit -> -hit.score).thenComparingInt(hit -> hit.doc));
        return hits;
    }

    private record Found(int entry, long document, float score) {}
}
