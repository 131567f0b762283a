-- What replicas know of their active callers, of each day and each month. Nobody can be read out of it.
CREATE TABLE mcp_caller_sketch (
    period text PRIMARY KEY,
    content bytea NOT NULL,
    expires_at bigint NOT NULL
);
