-- Times are milliseconds since 1970-01-01T00:00Z, amounts are in the smallest unit of their currency.

-- Who is billed. The row is also what changes of one tenant wait for.
CREATE TABLE book_tenant (
    id text PRIMARY KEY,
    name text NOT NULL,
    zone text NOT NULL,
    created_at bigint NOT NULL,
    revision bigint NOT NULL
);

-- Versions of plans, as JSON. Never changed: a change is another version.
CREATE TABLE book_plan (
    id text NOT NULL,
    version integer NOT NULL,
    document text NOT NULL,
    published_at bigint NOT NULL,
    PRIMARY KEY (id, version)
);

-- Subscriptions as they are now, as JSON, and below as they were.
CREATE TABLE book_subscription (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    revision bigint NOT NULL,
    started_at bigint NOT NULL,
    ended_at bigint,
    document text NOT NULL
);
CREATE INDEX book_subscription_tenant ON book_subscription (tenant, started_at);
CREATE TABLE book_subscription_revision (
    subscription text NOT NULL,
    revision bigint NOT NULL,
    changed_at bigint NOT NULL,
    document text NOT NULL,
    PRIMARY KEY (subscription, revision)
);

-- Invoices: with a number they are final. The document is the whole of it, as JSON.
CREATE TABLE book_invoice (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    subscription text NOT NULL,
    sequence bigint NOT NULL,
    number text UNIQUE,
    currency text NOT NULL,
    total bigint NOT NULL,
    to_balance bigint NOT NULL,
    due bigint NOT NULL,
    issued_at bigint,
    document text NOT NULL,
    UNIQUE (subscription, sequence)
);
CREATE INDEX book_invoice_tenant ON book_invoice (tenant, id);

-- The lines of final invoices, by which it is known what was invoiced for an item of a billing period.
CREATE TABLE book_invoice_line (
    invoice text NOT NULL,
    line integer NOT NULL,
    subscription text NOT NULL,
    period_start bigint NOT NULL,
    item text NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (invoice, line)
);
CREATE INDEX book_invoice_line_item ON book_invoice_line (subscription, period_start, item);

CREATE TABLE book_credit_note (
    id text PRIMARY KEY,
    number text NOT NULL UNIQUE,
    tenant text NOT NULL,
    invoice text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    to_balance bigint NOT NULL,
    issued_at bigint NOT NULL,
    document text NOT NULL
);
CREATE INDEX book_credit_note_invoice ON book_credit_note (invoice);
CREATE INDEX book_credit_note_tenant ON book_credit_note (tenant, id);

-- The last number of each series. Taken in the transaction that uses it, so that none is ever missing.
CREATE TABLE book_number (
    series text PRIMARY KEY,
    last bigint NOT NULL
);

-- What is owed to tenants by negative invoices and credit notes: a projection of to_balance above.
CREATE TABLE book_balance (
    tenant text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (tenant, currency)
);

-- Prepaid credits; what is left is a projection of the entries.
CREATE TABLE book_credit (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    remaining bigint NOT NULL CHECK (remaining >= 0 AND remaining <= amount),
    expires_at bigint,
    document text NOT NULL
);
CREATE INDEX book_credit_tenant ON book_credit (tenant, id);
CREATE TABLE book_credit_entry (
    credit text NOT NULL,
    entry integer NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    invoice text,
    booked_at bigint NOT NULL,
    PRIMARY KEY (credit, entry)
);

-- Commands that were carried out, with what they answered, so that a repeated one does nothing.
CREATE TABLE book_command (
    id text PRIMARY KEY,
    digest text NOT NULL,
    answer text NOT NULL,
    done_at bigint NOT NULL
);
CREATE INDEX book_command_done_at ON book_command (done_at);

-- What is final stays as it is, whoever asks.
CREATE TRIGGER book_plan_no_update BEFORE UPDATE ON book_plan
    BEGIN SELECT RAISE(ABORT, 'This row of book_plan is final'); END;
CREATE TRIGGER book_plan_no_delete BEFORE DELETE ON book_plan
    BEGIN SELECT RAISE(ABORT, 'This row of book_plan is final'); END;
CREATE TRIGGER book_subscription_revision_no_update BEFORE UPDATE ON book_subscription_revision
    BEGIN SELECT RAISE(ABORT, 'This row of book_subscription_revision is final'); END;
CREATE TRIGGER book_subscription_revision_no_delete BEFORE DELETE ON book_subscription_revision
    BEGIN SELECT RAISE(ABORT, 'This row of book_subscription_revision is final'); END;
CREATE TRIGGER book_invoice_no_update BEFORE UPDATE ON book_invoice WHEN (OLD.number IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'This row of book_invoice is final'); END;
CREATE TRIGGER book_invoice_no_delete BEFORE DELETE ON book_invoice WHEN (OLD.number IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'This row of book_invoice is final'); END;
CREATE TRIGGER book_invoice_line_no_update BEFORE UPDATE ON book_invoice_line
    BEGIN SELECT RAISE(ABORT, 'This row of book_invoice_line is final'); END;
CREATE TRIGGER book_invoice_line_no_delete BEFORE DELETE ON book_invoice_line
    BEGIN SELECT RAISE(ABORT, 'This row of book_invoice_line is final'); END;
CREATE TRIGGER book_credit_note_no_update BEFORE UPDATE ON book_credit_note
    BEGIN SELECT RAISE(ABORT, 'This row of book_credit_note is final'); END;
CREATE TRIGGER book_credit_note_no_delete BEFORE DELETE ON book_credit_note
    BEGIN SELECT RAISE(ABORT, 'This row of book_credit_note is final'); END;
CREATE TRIGGER book_credit_entry_no_update BEFORE UPDATE ON book_credit_entry
    BEGIN SELECT RAISE(ABORT, 'This row of book_credit_entry is final'); END;
CREATE TRIGGER book_credit_entry_no_delete BEFORE DELETE ON book_credit_entry
    BEGIN SELECT RAISE(ABORT, 'This row of book_credit_entry is final'); END;
CREATE TRIGGER book_invoice_line_no_insert BEFORE INSERT ON book_invoice_line
    WHEN EXISTS (SELECT 1 FROM book_invoice WHERE id = NEW.invoice AND number IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'This invoice is final'); END;
