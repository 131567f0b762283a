package dev.mortise.rag.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of a document besides its text. Immutable.
 *
 * @param title what people call it
 * @param mediaType of the original, such as {@code text/markdown}
 * @param contentHash equal for equal originals that were cut and embedded in the same way: an ingest that finds the same
 *     one has nothing to do
 * @param version counts the replacements, from 1
 * @param bytes of the original: what storage is billed by; not negative
 * @param updated when this version was stored, to the millisecond
 * @param metadata for filters; every chunk has them, too
 */
public record DocumentRecord(
        DocumentKey key,
        String title,
        String mediaType,
        String contentHash,
        long version,
        long bytes,
        Instant updated,
        Map<String, String> metadata) {
    public DocumentRecord {
        if (version < 1 || bytes < 0) {
            throw new IllegalArgumentException("The version counts from 1 and the bytes are not negative");
        }
        updated = updated.truncatedTo(ChronoUnit.MILLIS);
        metadata = Map.copyOf(metadata);
    }

    public static Builder of(DocumentKey key) {
        return new Builder(key);
    }

    /** Not thread-safe. The title is the document's name, the type plain text, the version 1, unless set. */
    public static final class Builder {
        private final DocumentKey key;
        private String title;
        private String mediaType = "text/plain";
        private String contentHash = "";
        private long version = 1;
        private long bytes;
        private Instant updated = Instant.EPOCH;
        private Map<String, String> metadata = Map.of();

        private Builder(DocumentKey key) {
            this.key = Objects.requireNonNull(key, "key");
            this.title = key.document();
        }

        public Builder title(String newTitle) {
            title = newTitle;
            return this;
        }

        public Builder mediaType(String newMediaType) {
            mediaType = newMediaType;
            return this;
        }

        public Builder contentHash(String newContentHash) {
            contentHash = newContentHash;
            return this;
        }

        public Builder version(long newVersion) {
            version = newVersion;
            return this;
        }

        public Builder bytes(long newBytes) {
            bytes = newBytes;
            return this;
        }

        public Builder updated(Instant newUpdated) {
            updated = newUpdated;
            return this;
        }

        public Builder metadata(Map<String, String> newMetadata) {
            metadata = newMetadata;
            return this;
        }

        public DocumentRecord build() {
            return new DocumentRecord(key, title, mediaType, contentHash, version, bytes, updated, metadata);
        }
    }
}
