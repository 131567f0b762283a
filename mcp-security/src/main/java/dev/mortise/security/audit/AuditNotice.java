package dev.mortise.security.audit;

/** What an operator should know about the log itself. Told on a thread of the log, in order; never that of a call. */
public sealed interface AuditNotice {
    /** Events cannot be written; it is tried again until they can. Said once. */
    record Unavailable(String reason) implements AuditNotice {}

    /** Events are written again. */
    record Recovered() implements AuditNotice {}

    /**
     * Calls went on although their events were not taken down, because there was no more room for them to wait. The log
     * itself says so too, once it is written again.
     */
    record Lost(long events) implements AuditNotice {}

    /** Somebody took this replica for dead and ended its stream; it goes on in a new one. */
    record Fenced(String stream) implements AuditNotice {}

    /** The stream of a replica that has died was ended, after the record of this number. */
    record Sealed(String stream, long sequence) implements AuditNotice {}

    /** A checkpoint was not signed, kept or handed to the witness; the next will cover what it would have. */
    record CheckpointFailed(String reason) implements AuditNotice {}

    /**
     * The log was about to sign that a stream ended, or that its beginning may be deleted, and found that the stream is not
     * as it was written. It signs and deletes nothing there: verify the log.
     */
    record NotAsWritten(AuditFinding finding) implements AuditNotice {}

    /** A sink did not take these; the log has them. */
    record SinkMissed(long records) implements AuditNotice {}

    /** Is told. What it throws is logged. */
    @FunctionalInterface
    interface Listener {
        void told(AuditNotice notice);
    }
}
