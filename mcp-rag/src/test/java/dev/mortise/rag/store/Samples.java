package dev.mortise.rag.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Documents for tests. */
public final class Samples {
    public static final VectorSpace SPACE = new VectorSpace("sample-1", 8);

    private Samples() {}

    public static DocumentKey key(String document) {
        return new DocumentKey("manual", document);
    }

    /** A document whose chunks have these texts, and vectors that the texts determine. */
    public static DocumentChunks document(
            DocumentKey key, long version, Map<String, String> metadata, String... texts) {
        String whole = String.join("\n", texts);
        DocumentRecord record = DocumentRecord.of(key)
                .title("About " + key.document())
                .contentHash("hash-" + version)
                .version(version)
                .bytes(whole.length())
                .updated(Instant.parse("2026-11-22T10:15:30.123Z"))
                .metadata(metadata)
                .build();
        List<EmbeddedChunk> chunks = new ArrayList<>();
        int start = 0;
        for (String text : texts) {
            Chunk chunk = Chunk.of(record)
                    .ordinal(chunks.size())
                    .headings(List.of("Part " + chunks.size()))
                    .span(start, start + text.length())
                    .text(text)
                    .build();
            chunks.add(new EmbeddedChunk(chunk, vector(text.hashCode())));
            start += text.length() + 1;
        }
        return new DocumentChunks(record, whole, chunks);
    }

    public static DocumentChunks document(DocumentKey key, String... texts) {
        return document(key, 1, Map.of(), texts);
    }

    /** Of length one. */
    public static float[] vector(long seed) {
        return vector(new Random(seed), SPACE.dimensions());
    }

    public static float[] vector(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
