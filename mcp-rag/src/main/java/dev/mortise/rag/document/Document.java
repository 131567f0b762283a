package dev.mortise.rag.document;

import dev.mortise.rag.store.DocumentKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that was read: its text, and the structure that was found in it. Immutable.
 *
 * @param title of the document, at most {@value DocumentReader#MAX_TITLE} characters; its name where it has none
 * @param mediaType of the original, without parameters
 * @param uri where it came from
 * @param sourceBytes how many bytes it came in
 * @param text what offsets count in: without U+0000 and half surrogate pairs, lines end with {@code \n}
 * @param blocks in order; see {@link Block}
 */
public record Document(
        DocumentKey key,
        String title,
        Format format,
        String mediaType,
        @Nullable String uri,
        Map<String, String> metadata,
        long sourceBytes,
        String text,
        List<Block> blocks) {

    public Document {
        metadata = Map.copyOf(metadata);
        blocks = List.copyOf(blocks);
    }
}
