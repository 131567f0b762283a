-- The keys of tenants, encrypted with a key that is elsewhere. Tenant is UTF-8; the id is it or its digest.
-- A row without them is a tenant that was shredded: it never gets others.
CREATE TABLE crypto_data_key (
    id text PRIMARY KEY,
    tenant blob NOT NULL,
    version bigint NOT NULL,
    wrapped_with text NOT NULL,
    wrapped blob
);
