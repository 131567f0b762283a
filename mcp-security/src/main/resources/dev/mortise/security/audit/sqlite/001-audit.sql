-- Streams: one for each process that writes, and each of its starts. The row is its head; whoever appends locks it.
-- A stream that is not open gets no more records. Witnessed: another stream has the end of this one on record.
CREATE TABLE audit_stream (
    id text PRIMARY KEY,
    writer text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'sealed')),
    witnessed integer NOT NULL,
    sequence bigint NOT NULL,
    hash text NOT NULL,
    opened_at bigint NOT NULL,
    renewed_at bigint NOT NULL
);
CREATE INDEX audit_stream_unwitnessed ON audit_stream (state, witnessed);

-- Blocks of records that follow each other. Lines are what an export has of them: JSON in UTF-8, with a line feed behind
-- each, the personal part and its salt left out once somebody is erased. A directory has 28 bytes for each record, to find it
-- by: the time in milliseconds, and 32-bit numbers made of kind, outcome, tenant, subject and target. Marks are two bits for
-- each of those that occur: what has not got all bits of a question need not be read.
CREATE TABLE audit_block (
    stream text NOT NULL,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL,
    marks bigint NOT NULL,
    directory blob NOT NULL,
    lines blob NOT NULL,
    PRIMARY KEY (stream, first_sequence)
);
-- In the order of time, in which new blocks are always at the end. Searches go back in it.
CREATE INDEX audit_block_search ON audit_block (until, stream, first_sequence, marks);

-- Signed statements about the head of a stream at some time.
CREATE TABLE audit_checkpoint (
    stream text NOT NULL,
    sequence bigint NOT NULL,
    purpose text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (stream, sequence, purpose)
);
