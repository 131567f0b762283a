-- Times are milliseconds since 1970-01-01T00:00Z, by the clocks of the servers.

-- What replicas have to know of soon. Kept for a day.
CREATE TABLE sec_change (
    position bigint PRIMARY KEY,
    kind text NOT NULL,
    id text NOT NULL,
    created_at bigint NOT NULL
);

-- One row. Whoever changes something locks it first and until the commit, so that positions appear in their order, and
-- changes of keys are made one after the other.
CREATE TABLE sec_change_head (
    only_row integer PRIMARY KEY CHECK (only_row = 1),
    position bigint NOT NULL
);
INSERT INTO sec_change_head (only_row, position) VALUES (1, 0);

-- API keys. Of a key itself there is only a hash. Scopes are parted by spaces, tools by line feeds.
CREATE TABLE sec_key (
    id text COLLATE "C" PRIMARY KEY,
    hash text NOT NULL,
    environment text NOT NULL,
    subject text NOT NULL,
    tenant text,
    label text NOT NULL,
    scopes text NOT NULL,
    reach text NOT NULL,
    tools text,
    spend bigint,
    expires_at bigint,
    parent text,
    created_at bigint NOT NULL,
    revoked_at bigint,
    last_used_at bigint
);
CREATE INDEX sec_key_parent ON sec_key (parent);
CREATE INDEX sec_key_tenant ON sec_key (tenant, id);

-- Tokens that were revoked, until they expire by themselves.
CREATE TABLE sec_revoked_credential (
    id text PRIMARY KEY,
    forget_at bigint NOT NULL
);
CREATE INDEX sec_revoked_credential_forget_at ON sec_revoked_credential (forget_at);

-- Users. Roles are parted by line feeds.
CREATE TABLE sec_user (
    identity text COLLATE "C" PRIMARY KEY,
    subject text NOT NULL,
    tenant text,
    name text NOT NULL,
    roles text NOT NULL,
    created_at bigint NOT NULL,
    disabled_at bigint
);
CREATE INDEX sec_user_tenant ON sec_user (tenant, identity);

-- Step-ups: who may use what of level HIGH, and until when.
CREATE TABLE sec_grant (
    id text COLLATE "C" PRIMARY KEY,
    identity text NOT NULL,
    subject text NOT NULL,
    tenant text,
    kind text NOT NULL,
    name text NOT NULL,
    pin text NOT NULL,
    granted_by text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint
);
CREATE INDEX sec_grant_identity ON sec_grant (identity, expires_at);
CREATE INDEX sec_grant_expires_at ON sec_grant (expires_at);

-- What somebody has to decide on, and what was decided. The arguments are emptied when it is used.
CREATE TABLE sec_approval (
    id text COLLATE "C" PRIMARY KEY,
    purpose text NOT NULL,
    identity text NOT NULL,
    subject text NOT NULL,
    tenant text,
    kind text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    pin text NOT NULL,
    arguments text NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    decided_by text,
    decided_at bigint,
    call text,
    round integer NOT NULL
);
CREATE INDEX sec_approval_identity ON sec_approval (identity, status, expires_at);
CREATE INDEX sec_approval_call ON sec_approval (call);
CREATE INDEX sec_approval_expires_at ON sec_approval (expires_at);
