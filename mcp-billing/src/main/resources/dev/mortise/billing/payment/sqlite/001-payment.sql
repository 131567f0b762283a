-- Times are milliseconds since 1970-01-01T00:00Z.

CREATE TABLE pay_customer (
    provider text NOT NULL,
    tenant text NOT NULL,
    customer text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (provider, tenant),
    UNIQUE (provider, customer)
);

-- What a provider is asked to do, written down before it hears of it.
CREATE TABLE pay_operation (
    id text PRIMARY KEY,
    tenant text NOT NULL,
    request text NOT NULL,
    digest text NOT NULL,
    provider text NOT NULL,
    kind text NOT NULL,
    detail text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    first_attempt_at bigint,
    due_at bigint NOT NULL,
    subscription text,
    reference text,
    page text,
    page_expires_at bigint,
    error text,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    UNIQUE (tenant, request)
);
-- One beginning of a subscription at a time.
CREATE UNIQUE INDEX pay_operation_beginning ON pay_operation (tenant)
    WHERE kind IN ('CHECKOUT', 'SUBSCRIBE') AND state IN ('OPEN', 'AWAITING');
CREATE INDEX pay_operation_due ON pay_operation (due_at) WHERE state IN ('OPEN', 'AWAITING');
CREATE INDEX pay_operation_subscription ON pay_operation (provider, subscription);

-- The last that was heard of each subscription.
CREATE TABLE pay_subscription (
    provider text NOT NULL,
    id text NOT NULL,
    tenant text NOT NULL,
    operation text,
    plan text,
    price text,
    status text NOT NULL,
    period_start bigint,
    period_end bigint,
    trial_end bigint,
    cancels_at_period_end integer NOT NULL,
    outstanding bigint,
    currency text,
    arrears_since bigint,
    paid_through bigint,
    ended_at bigint,
    revision bigint NOT NULL,
    confirmed_at bigint NOT NULL,
    PRIMARY KEY (provider, id)
);
CREATE INDEX pay_subscription_tenant ON pay_subscription (tenant);

-- What was last announced about each tenant; its row is the lock of the tenant.
CREATE TABLE pay_standing (
    tenant text PRIMARY KEY,
    plan text,
    standing text NOT NULL,
    subscription text,
    trial_end bigint,
    -- The subscription in the books that is kept in step.
    booked text,
    due_at bigint,
    revision bigint NOT NULL
);
CREATE INDEX pay_standing_due ON pay_standing (due_at);

-- Webhooks that took effect.
CREATE TABLE pay_event (
    provider text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    effect text NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (provider, id)
);
CREATE INDEX pay_event_received ON pay_event (received_at);

-- Usage to report.
CREATE TABLE pay_usage (
    identifier text PRIMARY KEY,
    provider text NOT NULL,
    tenant text NOT NULL,
    meter text NOT NULL,
    quantity bigint NOT NULL,
    at bigint NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    first_attempt_at bigint,
    due_at bigint NOT NULL,
    error text,
    created_at bigint NOT NULL
);
CREATE INDEX pay_usage_due ON pay_usage (provider, due_at) WHERE state = 'OPEN';

CREATE TABLE pay_finding (
    provider text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    tenant text,
    detail text NOT NULL,
    seen_at bigint NOT NULL,
    PRIMARY KEY (provider, kind, subject)
);
