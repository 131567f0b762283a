-- A threshold is of what was included when it was reached: after a change of the plan it can be reached again.
DROP INDEX ledger_threshold_untold;
ALTER TABLE ledger_threshold RENAME TO ledger_threshold_before;
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
    PRIMARY KEY (tenant, meter, starts_at, ends_at, percent, included)
) WITHOUT ROWID;
INSERT INTO ledger_threshold SELECT * FROM ledger_threshold_before;
DROP TABLE ledger_threshold_before;
CREATE INDEX ledger_threshold_untold ON ledger_threshold (claimed_until) WHERE told_at IS NULL;
