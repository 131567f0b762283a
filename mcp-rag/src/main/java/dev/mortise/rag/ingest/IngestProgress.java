package dev.mortise.rag.ingest;

/** Hears how far a folder is. Called by one thread at a time, in no order of files. */
@FunctionalInterface
public interface IngestProgress {
    /** Hears nothing. */
    IngestProgress NONE = (done, total, latest) -> {};

    /**
     * @param done how many documents are finished; grows by one each time
     * @param total how many there are
     */
    void progress(int done, int total, IngestOutcome latest);
}
