package dev.mortise.rag.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a parser finds in a document. Immutable.
 *
 * @param title if the document names one
 * @param text has no U+0000, no half surrogate pairs, and {@code \n} between lines, whatever the document had
 * @param blocks in order; see {@link Block}
 */
public record ParsedText(@Nullable String title, String text, List<Block> blocks) {
    public ParsedText {
        blocks = List.copyOf(blocks);
    }
}
