package dev.mortise.rag.ingest;

import java.util.List;

/**
 * What became of many documents. Immutable.
 *
 * @param stored how many are new or in a new version
 * @param unchanged how many were there already
 * @param removed how many are no longer there, because their files are not
 * @param failures each that failed, up to {@value #MAX_FAILURES}
 * @param failed how many failed
 */
public record IngestReport(int stored, int unchanged, int removed, int failed, List<IngestOutcome.Failed> failures) {
    /** How many failures are listed: a folder of a million broken files shall not fill the memory with their names. */
    public static final int MAX_FAILURES = 1000;

    public IngestReport {
        failures = List.copyOf(failures);
    }
}
