-- How far the usage of each tenant and meter was written down for a provider. Within a row's transaction its usage goes
-- into pay_usage, so that what was written down once is never written down again.
CREATE TABLE pay_usage_cursor (
    provider text NOT NULL,
    tenant text NOT NULL,
    meter text NOT NULL,
    subscription text NOT NULL,
    -- What was used before is on no invoice of this subscription.
    since bigint NOT NULL,
    -- Of the ledger: everything up to there was looked at.
    position bigint NOT NULL,
    -- What was taken back after it had been reported, and is taken off what is reported next.
    owed bigint NOT NULL,
    owed_since bigint,
    PRIMARY KEY (provider, tenant, meter)
);
CREATE INDEX pay_usage_at ON pay_usage (provider, at);

-- What is done now and then by one of the replicas.
CREATE TABLE pay_job (
    name text PRIMARY KEY,
    holder text NOT NULL,
    held_until bigint NOT NULL,
    due_at bigint NOT NULL,
    succeeded_at bigint NOT NULL,
    failures integer NOT NULL
);
