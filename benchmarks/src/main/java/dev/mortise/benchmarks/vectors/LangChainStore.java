package dev.mortise.benchmarks.vectors;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.util.ArrayList;
import java.util.List;

/** LangChain4j's store in memory, which compares all. */
final class LangChainStore implements VectorIndex {
    private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

    LangChainStore(VectorData data) {
        List<String> ids = new ArrayList<>();
        List<Embedding> vectors = new ArrayList<>();
        List<TextSegment> segments = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            Metadata metadata = new Metadata();
            for (Share share : data.shares(i)) {
                if (share != Share.ALL) {
                    metadata.put(share.field(), "yes");
                }
            }
            ids.add(String.valueOf(i));
            vectors.add(Embedding.from(data.vector(i)));
            segments.add(TextSegment.from("passage", metadata));
        }
        store.addAll(ids, vectors, segments);
    }

    @Override
    public int[] search(float[] query, int beam, Share share) {
        EmbeddingSearchRequest.EmbeddingSearchRequestBuilder request = EmbeddingSearchRequest.builder()
                .queryEmbedding(Embedding.from(query))
                .maxResults(Truth.NEAREST);
        if (share != Share.ALL) {
            request.filter(MetadataFilterBuilder.metadataKey(share.field()).isEqualTo("yes"));
        }
        return store.search(request.build()).matches().stream()
                .map(EmbeddingMatch::embeddingId)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Override
    public boolean exact() {
        return true;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}
}
