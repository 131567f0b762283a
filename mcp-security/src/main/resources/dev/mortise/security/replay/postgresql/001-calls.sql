-- Calls of tools that were sent with an idempotency key. One without an outcome is being carried out, until its lease
-- has ended; then nobody knows.
CREATE TABLE mcp_replay (
    owner_key text COLLATE "C" NOT NULL,
    call_key text COLLATE "C" NOT NULL,
    digest text NOT NULL,
    claimant text NOT NULL,
    lease_until bigint NOT NULL,
    expires_at bigint NOT NULL,
    outcome text,
    PRIMARY KEY (owner_key, call_key)
);
CREATE INDEX mcp_replay_expires_at ON mcp_replay (expires_at);
