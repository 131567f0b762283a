-- A threshold is of what was included when it was reached: after a change of the plan it can be reached again.
ALTER TABLE ledger_threshold DROP CONSTRAINT ledger_threshold_pkey;
ALTER TABLE ledger_threshold ADD PRIMARY KEY (tenant, meter, starts_at, ends_at, percent, included);
