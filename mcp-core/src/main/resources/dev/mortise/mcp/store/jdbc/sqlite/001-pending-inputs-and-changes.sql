-- Times are milliseconds since 1970-01-01T00:00Z, by the clock of the machine.

-- Request states that were used up, so that no consent counts twice.
CREATE TABLE mcp_used_state (
    id text PRIMARY KEY,
    forget_at bigint NOT NULL
);
CREATE INDEX mcp_used_state_forget_at ON mcp_used_state (forget_at);

-- Changes that replicas tell each other. They read what stands behind the position that they know.
CREATE TABLE mcp_change (
    position bigint PRIMARY KEY,
    replica text NOT NULL,
    kind text NOT NULL,
    topic text,
    key text,
    created_at bigint NOT NULL
);

-- One row. Whoever writes a change locks it until the commit, so that positions appear in their order.
-- Forgotten is the last position that is not kept any more.
CREATE TABLE mcp_change_head (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    position bigint NOT NULL,
    forgotten bigint NOT NULL
);
INSERT INTO mcp_change_head (only_row, position, forgotten) VALUES (1, 0, 0);
