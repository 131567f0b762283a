-- Entries: an amount that moves from one account to another. Rows are only ever added. The position is given out under
-- the lock of the account "used", so that within a tenant and meter it is the order of commits.
-- A reversal has the source and id of what it takes back. With row numbers of its own, because the indexes then hold
-- those instead of the whole primary key: less to write for each entry.
CREATE TABLE ledger_entry (
    tenant text NOT NULL,
    meter text NOT NULL,
    position bigint NOT NULL,
    source text NOT NULL,
    event_id text NOT NULL,
    reversal integer NOT NULL CHECK (reversal IN (0, 1)),
    debit text NOT NULL,
    credit text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    item text NOT NULL,
    actor text NOT NULL,
    PRIMARY KEY (tenant, meter, position),
    -- Ids of one process follow each other, whatever tenants they are of: so the newest share their pages.
    UNIQUE (event_id, source, tenant, reversal),
    CHECK (debit <> credit)
);
CREATE INDEX ledger_entry_at ON ledger_entry (tenant, meter, at);

-- What the entries of each account add up to. It can be made anew from them at any time.
CREATE TABLE ledger_account (
    tenant text NOT NULL,
    meter text NOT NULL,
    account text NOT NULL,
    debits bigint NOT NULL,
    credits bigint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (tenant, meter, account)
) WITHOUT ROWID;

-- What was used by event time in a half-open window in which a limit is counted, and what replicas hold of it.
CREATE TABLE ledger_window (
    tenant text NOT NULL,
    meter text NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    used bigint NOT NULL,
    leased bigint NOT NULL CHECK (leased >= 0),
    PRIMARY KEY (tenant, meter, starts_at, ends_at)
) WITHOUT ROWID;

-- Processes that hold units, until they have not been heard of for a while. The sequence is that of their last batch.
CREATE TABLE ledger_replica (
    id text PRIMARY KEY,
    sequence bigint NOT NULL,
    expires_at bigint NOT NULL
) WITHOUT ROWID;

CREATE TABLE ledger_lease (
    replica text NOT NULL,
    tenant text NOT NULL,
    meter text NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    units bigint NOT NULL CHECK (units >= 0),
    PRIMARY KEY (tenant, meter, starts_at, ends_at, replica)
) WITHOUT ROWID;
CREATE INDEX ledger_lease_replica ON ledger_lease (replica);

-- Thresholds that were reached, each once; told_at is when somebody was told.
CREATE TABLE ledger_threshold (
    tenant text NOT NULL,
    meter text NOT NULL,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    percent integer NOT NULL,
    included bigint NOT NULL,
    used bigint NOT NULL,
    reached_at bigint NOT NULL,
    claimed_until bigint NOT NULL,
    told_at bigint,
    PRIMARY KEY (tenant, meter, starts_at, ends_at, percent)
) WITHOUT ROWID;
CREATE INDEX ledger_threshold_untold ON ledger_threshold (claimed_until) WHERE told_at IS NULL;
