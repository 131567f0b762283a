-- What users want to be remembered. The owner is tenant and subject.
CREATE TABLE memory (
    id text PRIMARY KEY,
    owner text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    created_at text NOT NULL,
    due text,
    done_at text
);
CREATE INDEX memory_by_owner ON memory (owner, created_at);
