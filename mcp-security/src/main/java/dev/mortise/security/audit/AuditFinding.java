package dev.mortise.security.audit;

import org.jspecify.annotations.Nullable;

/**
 * Something in a log that is not as it was written.
 *
 * @param stream {@code null} where it is about the file as a whole
 * @param from the number of the first record that it is about, from 1
 * @param to the number of the last one
 */
public record AuditFinding(Kind kind, @Nullable String stream, long from, long to, String message) {
    /** What was done, as far as that can be told. */
    public enum Kind {
        /** A record has another content than when it was written. */
        EDITED,
        /** Records are missing in the middle, or at the beginning without a checkpoint that allowed it. */
        DELETED,
        /** A record is there that was not written at its place. */
        INSERTED,
        /** Records are there, in another order. */
        REORDERED,
        /** Records are missing at the end. */
        TRUNCATED,
        /** Everything fits together, but not with what was signed: somebody wrote a part of the stream anew. */
        REWRITTEN,
        /** A personal part is gone, and the log does not say that it was erased. */
        PERSONAL_MISSING,
        /** A checkpoint is not signed by a key that is trusted. */
        BAD_CHECKPOINT,
        /** No checkpoint shows that whoever has the key began the stream: anybody may have put it there. */
        UNSIGNED,
        /** The columns to search by do not fit the record. Only in a database. */
        SEARCH_COLUMNS,
        /** Not a record, not a line of an export. */
        MALFORMED,
        /** The export does not end as one does. */
        INCOMPLETE
    }

    static AuditFinding at(Kind kind, String stream, long sequence, String message) {
        return new AuditFinding(kind, stream, sequence, sequence, message);
    }

    @Override
    public String toString() {
        String place = stream == null ? "" : " stream " + stream;
        String records = from == 0 ? "" : from == to ? " record " + from : " records " + from + " to " + to;
        return kind + place + records + ": " + message;
    }
}
