package dev.mortise.rag.ingest;

import dev.mortise.rag.chunk.Chunker;
import dev.mortise.rag.chunk.Passage;
import dev.mortise.rag.document.Document;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.ingest.IngestListener.StoredBytes;
import dev.mortise.rag.internal.Interrupts;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of one document that is locked: is it new, read, cut, embed, store, tell.
 *
 * @param model null where the store holds no vectors
 * @param maxPassages of one document
 */
record Intake(
        ChunkStore store,
        StoreWriter writer,
        DocumentReader reader,
        Chunker chunker,
        @Nullable EmbeddingModel model,
        IngestListener listener,
        Clock clock,
        int maxPassages) {
    /** Under which name of the metadata it is said where a document came from. */
    static final String SOURCE = "source";

    IngestOutcome take(Tenant tenant, DocumentSource source) throws DocumentRejected {
        Optional<DocumentRecord> earlier = store.document(tenant, source.key());
        String hash = Fingerprint.of(source, chunker.recipe(), model == null ? "" : model.id());
        if (earlier.isPresent() && earlier.get().contentHash().equals(hash)) {
            IngestOutcome unchanged =
                    new IngestOutcome.Unchanged(source.key(), earlier.get().version());
            listener.ingested(tenant, unchanged, new StoredBytes(0, 0));
            return unchanged;
        }
        Document document = reader.read(source);
        List<Passage> passages = chunker.chunk(document, maxPassages);
        DocumentRecord record = DocumentRecord.of(source.key())
                .title(document.title())
                .mediaType(document.mediaType())
                .contentHash(hash)
                .version(earlier.map(DocumentRecord::version).orElse(0L) + 1)
                .bytes(document.sourceBytes())
                .updated(clock.instant())
                .metadata(metadata(document))
                .build();
        DocumentChunks chunks = new DocumentChunks(record, document.text(), chunks(tenant, record, passages));
        IngestOutcome stored = new IngestOutcome.Stored(
                source.key(),
                record.version(),
                earlier.isPresent(),
                passages.size(),
                earlier.isEmpty() || !isText(tenant, record, document.text()),
                earlier.isEmpty() || !isLabelled(earlier.get(), record));
        long before = earlier.map(DocumentRecord::bytes).orElse(0L);
        writer.write(tenant, chunks);
        // It is stored: who is interrupted now still has it told.
        Interrupts.later(() -> listener.ingested(tenant, stored, new StoredBytes(before, record.bytes())));
        return stored;
    }

    /** Whether this text is there already: what was cut or labelled otherwise reads as before. */
    private boolean isText(Tenant tenant, DocumentRecord record, String text) {
        return store.text(tenant, record.key()).filter(text::equals).isPresent();
    }

    private static boolean isLabelled(DocumentRecord before, DocumentRecord now) {
        return before.title().equals(now.title()) && before.mediaType().equals(now.mediaType());
    }

    private static Map<String, String> metadata(Document document) {
        String uri = document.uri();
        if (uri == null) {
            return document.metadata();
        }
        Map<String, String> metadata = new HashMap<>(document.metadata());
        metadata.putIfAbsent(SOURCE, uri);
        return metadata;
    }

    private List<EmbeddedChunk> chunks(Tenant tenant, DocumentRecord record, List<Passage> passages)
            throws DocumentRejected {
        List<float[]> vectors = model == null ? List.of() : vectors(tenant, model, passages);
        List<EmbeddedChunk> chunks = new ArrayList<>(passages.size());
        for (Passage passage : passages) {
            Chunk chunk = Chunk.of(record)
                    .ordinal(passage.ordinal())
                    .headings(withoutTitle(passage.headings(), record.title()))
                    .span(passage.start(), passage.end())
                    .text(passage.lead() + passage.body())
                    .build();
            chunks.add(
                    model == null
                            ? EmbeddedChunk.withoutVector(chunk)
                            : new EmbeddedChunk(chunk, vectors.get(passage.ordinal())));
        }
        return chunks;
    }

    private List<float[]> vectors(Tenant tenant, EmbeddingModel asked, List<Passage> passages) throws DocumentRejected {
        List<String> texts = passages.stream().map(Passage::embeddedText).toList();
        EmbeddingModel.Embedded embedded = asked.embedCounting(texts, EmbeddingModel.Use.PASSAGE);
        if (embedded.vectors().size() != texts.size()) {
            throw new DocumentRejected(Reason.UNAVAILABLE, "The embedding model gave another number of vectors");
        }
        if (embedded.computed() > 0) {
            // Which of them the cache had is not known here: each counts as the average.
            long tokens = passages.stream().mapToLong(Passage::tokens).sum() * embedded.computed() / texts.size();
            listener.embedded(tenant, asked.id(), embedded.computed(), tokens);
        }
        return embedded.vectors();
    }

    /** A first heading that is the title says nothing more. */
    private static List<String> withoutTitle(List<String> headings, String title) {
        return !headings.isEmpty() && headings.getFirst().equals(title)
                ? headings.subList(1, headings.size())
                : headings;
    }
}
