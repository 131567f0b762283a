-- Streams: one for each process that writes, and each of its starts. The row is its head; whoever appends locks it.
-- A stream that is not open gets no more records. Witnessed: another stream has the end of this one on record.
CREATE TABLE audit_stream (
    id text COLLATE "C" PRIMARY KEY,
    writer text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed', 'sealed')),
    witnessed integer NOT NULL,
    sequence bigint NOT NULL,
    hash text NOT NULL,
    opened_at bigint NOT NULL,
    renewed_at bigint NOT NULL
);
CREATE INDEX audit_stream_unwitnessed ON audit_stream (state, witnessed);

-- Records. Body and personal are canonical JSON. Salt and personal go when somebody is erased, and with them the keys of
-- subject and target; everything else stays as it was written. The columns behind personal are there to search by.
CREATE TABLE audit_record (
    stream text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL,
    body text NOT NULL,
    commitment text NOT NULL,
    salt text,
    personal text,
    at bigint NOT NULL,
    kind text NOT NULL,
    outcome text NOT NULL,
    tenant_key text,
    subject_key text,
    target_key text,
    PRIMARY KEY (stream, sequence)
);
CREATE INDEX audit_record_at ON audit_record (at, stream, sequence);
CREATE INDEX audit_record_tenant ON audit_record (tenant_key, at);
CREATE INDEX audit_record_subject ON audit_record (subject_key, at);
CREATE INDEX audit_record_target ON audit_record (target_key, at);

-- Signed statements about the head of a stream at some time.
CREATE TABLE audit_checkpoint (
    stream text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    purpose text NOT NULL,
    line text NOT NULL,
    PRIMARY KEY (stream, sequence, purpose)
);
