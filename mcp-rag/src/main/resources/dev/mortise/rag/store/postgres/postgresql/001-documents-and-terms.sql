-- What the vectors of this store are: one row. No dimensions mean no vectors.
CREATE TABLE rag_store (
    id integer PRIMARY KEY CHECK (id = 1),
    model text NOT NULL,
    dimensions integer NOT NULL
);

-- Whoever writes holds the lock of the tenant's row until it commits. The tenant everywhere is a hash of its name: nobody
-- needs to look it up, and no restored backup can give it to another.
CREATE TABLE rag_tenant (
    tenant uuid PRIMARY KEY,
    name text NOT NULL,
    generation bigint NOT NULL,
    documents bigint NOT NULL,
    chunks bigint NOT NULL,
    bytes bigint NOT NULL,
    whole_length bigint NOT NULL,
    chunk_length bigint NOT NULL
);

-- key is a hash of collection and name, which together are too long for an index.
CREATE TABLE rag_document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant uuid NOT NULL,
    key uuid NOT NULL,
    collection text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    title text NOT NULL,
    media_type text NOT NULL,
    content_hash text NOT NULL,
    version bigint NOT NULL,
    bytes bigint NOT NULL,
    updated_at bigint NOT NULL,
    metadata jsonb NOT NULL,
    varied boolean NOT NULL,
    chunks integer NOT NULL,
    whole_length bigint NOT NULL,
    chunk_length bigint NOT NULL,
    body text NOT NULL
);
CREATE UNIQUE INDEX rag_document_key ON rag_document (tenant, key);
CREATE INDEX rag_document_order ON rag_document (tenant, collection, left(name, 256));

-- title and metadata only where they are not those of the document.
CREATE TABLE rag_chunk (
    document_id bigint NOT NULL,
    ordinal integer NOT NULL,
    tenant uuid NOT NULL,
    title text,
    headings jsonb NOT NULL,
    starts integer NOT NULL,
    ends integer NOT NULL,
    body text NOT NULL,
    metadata jsonb,
    vector float4[],
    PRIMARY KEY (document_id, ordinal)
);
ALTER TABLE rag_chunk ALTER COLUMN vector SET STORAGE EXTERNAL;

-- Short forms of the vectors, to go through when there is no better index.
CREATE TABLE rag_code (
    tenant uuid NOT NULL,
    document_id bigint NOT NULL,
    ordinal integer NOT NULL,
    code bit varying NOT NULL,
    PRIMARY KEY (tenant, document_id, ordinal)
);

-- Where a term stands: how often in the whole document, and in each chunk as ordinal << 32 | times << 20 | length.
CREATE TABLE rag_posting (
    tenant uuid NOT NULL,
    document_id bigint NOT NULL,
    term text COLLATE "C" NOT NULL,
    whole_times integer NOT NULL,
    whole_length integer NOT NULL,
    hits bigint[] NOT NULL,
    PRIMARY KEY (tenant, term, document_id)
);
CREATE INDEX rag_posting_document ON rag_posting (document_id);

-- The terms of a tenant, and how many of its chunks have each.
CREATE TABLE rag_word (
    tenant uuid NOT NULL,
    term text COLLATE "C" NOT NULL,
    chunks bigint NOT NULL,
    PRIMARY KEY (tenant, term)
) WITH (fillfactor = 80);
