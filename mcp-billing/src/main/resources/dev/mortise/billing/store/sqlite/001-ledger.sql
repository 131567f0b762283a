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

-- Charges whose ids a process gave out itself and books once: all of a batch in one row, as they were acknowledged. What is in
-- here is as good as booked; it is carried over into runs, accounts and windows together, some time later and by whoever
-- reads any of those, in a transaction that deletes it here.
CREATE TABLE ledger_page (
    replica text NOT NULL,
    sequence bigint NOT NULL,
    body blob NOT NULL
);

-- Entries of one tenant, meter and process, with positions that follow each other. Each moves an amount from "supplied" to
-- "used". Like other entries they are never changed. Numbers are those in the ids of the charges, between low and high.
CREATE TABLE ledger_run (
    tenant text NOT NULL,
    meter text NOT NULL,
    position bigint NOT NULL,
    last_position bigint NOT NULL,
    replica text NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    entries bigint NOT NULL CHECK (entries = last_position - position + 1),
    units bigint NOT NULL CHECK (units >= entries),
    body blob NOT NULL,
    PRIMARY KEY (tenant, meter, position)
);
CREATE INDEX ledger_run_at ON ledger_run (tenant, meter, last_at);
CREATE INDEX ledger_run_number ON ledger_run (tenant, meter, replica, high);

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
-- Strays count the entries that others have booked with ids of theirs.
CREATE TABLE ledger_replica (
    id text PRIMARY KEY,
    sequence bigint NOT NULL,
    strays bigint NOT NULL DEFAULT 0,
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
