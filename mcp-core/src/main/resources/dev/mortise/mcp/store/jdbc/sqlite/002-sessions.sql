-- Sessions of legacy clients. Those on probation (in_use = 0) were created and not used yet.
CREATE TABLE mcp_session (
    id text PRIMARY KEY,
    owner text NOT NULL,
    group_name text NOT NULL,
    group_key text NOT NULL,
    revision bigint NOT NULL,
    content blob NOT NULL,
    expires_at bigint NOT NULL,
    in_use smallint NOT NULL,
    used_at bigint NOT NULL
);
CREATE INDEX mcp_session_group ON mcp_session (group_key, in_use, used_at);
CREATE INDEX mcp_session_use ON mcp_session (in_use, used_at);
CREATE INDEX mcp_session_expires_at ON mcp_session (expires_at);

-- The last position of what was told to a session. Whoever appends locks the row until the commit, so that positions
-- appear in their order.
CREATE TABLE mcp_session_log (
    session text PRIMARY KEY,
    position bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX mcp_session_log_expires_at ON mcp_session_log (expires_at);

-- What was told to sessions, for those that lose a stream and resume it.
CREATE TABLE mcp_session_event (
    session text NOT NULL,
    position bigint NOT NULL,
    stream text NOT NULL,
    content blob NOT NULL,
    size integer NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (session, position)
);
CREATE INDEX mcp_session_event_expires_at ON mcp_session_event (expires_at);
