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

-- Records. Body and personal are canonical JSON in UTF-8; hashes and the salt are bytes. Salt and personal go when somebody
-- is erased, and with them the keys of subject and target; everything else stays as it was written. The columns behind
-- personal are there to search by.
CREATE TABLE audit_record (
    stream text NOT NULL,
    sequence bigint NOT NULL,
    previous blob NOT NULL,
    hash blob NOT NULL,
    body blob NOT NULL,
    commitment blob NOT NULL,
    salt blob,
    personal blob,
    at bigint NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    tenant_key text,
    subject_key text,
    target_key text,
    PRIMARY KEY (stream, sequence)
);
-- One index in the order of time, in which new records are always at the end: what it costs does not grow with how many
-- callers there are. Searches go back in it, and look into a record only if its keys fit.
CREATE INDEX audit_record_search
    ON audit_record (at, stream, sequence, tenant_key, subject_key, target_key, kind, outcome);

-- Signed statements about the head of a stream at some time.
CREATE TABLE audit_checkpoint (
    stream text NOT NULL,
    sequence bigint NOT NULL,
    purpose text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (stream, sequence, purpose)
);
