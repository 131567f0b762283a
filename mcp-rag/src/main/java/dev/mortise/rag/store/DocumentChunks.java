package dev.mortise.rag.store;

import java.util.List;

/**
 * One version of a document as it is stored: at once or not at all.
 *
 * @param text the whole text, which the offsets of the chunks point into
 * @param chunks in the order of their ordinals, which run from 0 without a gap; may be empty
 */
public record DocumentChunks(DocumentRecord document, String text, List<EmbeddedChunk> chunks) {
    public DocumentChunks {
        chunks = List.copyOf(chunks);
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i).chunk();
            if (!chunk.document().equals(document.key())
                    || chunk.version() != document.version()
                    || chunk.ordinal() != i) {
                throw new IllegalArgumentException(
                        "Chunk " + i + " of " + document.key() + " is of another document, version or place");
            }
        }
    }
}
