package dev.mortise.security.audit;

import java.util.List;

/**
 * What a verification found.
 *
 * @param findings empty if all is as it was written; at most a thousand
 * @param streams in the order of their ids
 */
public record AuditReport(List<AuditFinding> findings, List<Stream> streams) {
    public AuditReport {
        findings = List.copyOf(findings);
        streams = List.copyOf(streams);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /** All records in all streams. */
    public long records() {
        return streams.stream().mapToLong(Stream::records).sum();
    }

    /**
     * One stream.
     *
     * @param last the number of its last record
     * @param covered up to this record, a signed checkpoint or another stream vouches for the end: what was cut off behind
     *     it would not be found
     * @param state {@code open}, {@code closed} or {@code sealed}; empty where nothing says so
     */
    public record Stream(String id, String writer, String state, long first, long last, long records, long covered) {}
}
