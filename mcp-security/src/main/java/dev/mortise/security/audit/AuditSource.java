package dev.mortise.security.audit;

import java.io.IOException;

/** Where a log is read from, as often as it takes, and the same each time but for what is appended. */
interface AuditSource {
    /** Streams and checkpoints first: what is signed only behind a record is not believed for its sake. The records of a stream in the order of their numbers. */
    void read(Visitor visitor) throws IOException;

    interface Visitor {
        void stream(StreamState stream);

        void checkpoint(SignedCheckpoint checkpoint);

        void record(ChainedRecord record);

        /** Something that is wrong, whatever the chain says. */
        void problem(AuditFinding finding);
    }
}
