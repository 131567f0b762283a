-- What a key has paid for a call that pauses to ask its user: the next round takes it out, once. Swept after 30 days.
CREATE TABLE sec_payment (
    id text PRIMARY KEY,
    kept_at bigint NOT NULL
);
CREATE INDEX sec_payment_kept_at ON sec_payment (kept_at);
