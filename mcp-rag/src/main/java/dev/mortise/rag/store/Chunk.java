package dev.mortise.rag.store;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A passage of a document: what is searched and cited. Immutable.
 *
 * @param document the document it is from
 * @param version the version of the document that it is from
 * @param ordinal its place among the chunks of that version, from 0
 * @param title of the document
 * @param headings the headings it stands under, outermost first, without the title
 * @param start where it begins in the text of the document, in UTF-16 code units
 * @param end where it ends there, exclusive
 * @param text the passage as a reader should see it; need not be the very substring (a table may repeat its head)
 * @param metadata for filters: those of the document, and what is said of this passage only
 */
public record Chunk(
        DocumentKey document,
        long version,
        int ordinal,
        String title,
        List<String> headings,
        int start,
        int end,
        String text,
        Map<String, String> metadata) {
    public Chunk {
        if (ordinal < 0 || start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "A chunk has an ordinal from 0 and begins before it ends: " + ordinal + ", " + start + "–" + end);
        }
        headings = List.copyOf(headings);
        metadata = Map.copyOf(metadata);
    }

    /** A chunk of this document, with its version, title and metadata. */
    public static Builder of(DocumentRecord document) {
        return new Builder(document);
    }

    /** Names it among all chunks of the tenant, this version's and others'. */
    public Id id() {
        return new Id(document, version, ordinal);
    }

    /** Names a chunk among all chunks of a tenant. */
    public record Id(DocumentKey document, long version, int ordinal) {}

    /** Not thread-safe. */
    public static final class Builder {
        private final DocumentRecord document;
        private int ordinal;
        private List<String> headings = List.of();
        private int start;
        private int end;
        private String text = "";
        private Map<String, String> metadata;

        private Builder(DocumentRecord document) {
            this.document = Objects.requireNonNull(document, "document");
            this.metadata = document.metadata();
        }

        public Builder ordinal(int newOrdinal) {
            ordinal = newOrdinal;
            return this;
        }

        public Builder headings(List<String> newHeadings) {
            headings = newHeadings;
            return this;
        }

        public Builder span(int newStart, int newEnd) {
            start = newStart;
            end = newEnd;
            return this;
        }

        public Builder text(String newText) {
            text = newText;
            return this;
        }

        public Builder metadata(Map<String, String> newMetadata) {
            metadata = newMetadata;
            return this;
        }

        public Chunk build() {
            return new Chunk(
                    document.key(),
                    document.version(),
                    ordinal,
                    document.title(),
                    headings,
                    start,
                    end,
                    text,
                    metadata);
        }
    }
}
