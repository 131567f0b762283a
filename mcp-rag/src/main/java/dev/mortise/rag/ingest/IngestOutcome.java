package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.store.DocumentKey;

/** What became of one document. */
public sealed interface IngestOutcome {
    DocumentKey key();

    /**
     * It is in the store and will be found.
     *
     * @param replaced whether another version of it was there
     * @param chunks how many passages it has
     * @param newText whether its text is another than that of the version before, or there was none before
     * @param newLabel whether lists of documents show it otherwise than before: by another title, as another type, or for the
     *     first time
     */
    record Stored(DocumentKey key, long version, boolean replaced, int chunks, boolean newText, boolean newLabel)
            implements IngestOutcome {}

    /** It was there already, in this version: nothing was done. */
    record Unchanged(DocumentKey key, long version) implements IngestOutcome {}

    /**
     * It is not in the store, or still in its earlier version.
     *
     * @param message fit for whoever sent the document
     */
    record Failed(DocumentKey key, DocumentRejected.Reason reason, String message) implements IngestOutcome {}
}
