-- Tasks. Somebody has to look after those that are due: their lease has ended, or they have expired.
CREATE TABLE mcp_task (
    id text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL,
    owner text NOT NULL,
    owner_key text NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    lease_worker text,
    lease_until bigint,
    due_at bigint NOT NULL,
    body text NOT NULL
);
CREATE INDEX mcp_task_owner ON mcp_task (owner_key, id);
CREATE INDEX mcp_task_due_at ON mcp_task (due_at);
