package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;

/** The fields of the index. A document is a block: its chunks, the first of which is the entry of the whole, too. */
final class Fields {
    /** {@link #CHUNK}, {@link #WHOLE}, or both. */
    static final String KIND = "kind";

    static final String CHUNK = "c";
    static final String WHOLE = "d";

    /** On every entry: {@link #tenant}. */
    static final String TENANT = "tenant";

    /** On every entry: {@link #key}, what a replacement deletes by; also as doc values. */
    static final String KEY = "key";

    static final String COLLECTION = "collection";

    /** Name, NUL, value. */
    static final String METADATA = "metadata";

    /** The weighted terms of a chunk with its title and headings, as {@link #term}: of one tenant, and of no other's. */
    static final String CHUNK_TERMS = "chunk-terms";

    /** The weighted terms of a whole document, as {@link #term}. */
    static final String WHOLE_TERMS = "whole-terms";

    static final String VECTOR = "vector";

    /** Of a chunk: everything that is given back, as {@link StoredForm} writes it. */
    static final String STORED_CHUNK = "stored";

    /** Of a whole. */
    static final String STORED_WHOLE = "stored-whole";

    static final String TEXT = "text";

    /** Of a whole: collection, NUL, document; sorted. */
    static final String ORDER = "order";

    static final String BYTES = "bytes";
    static final String CHUNKS = "chunks";

    /** Of a whole: the tokens of all of its chunks together. */
    static final String CHUNK_TOKENS = "chunk-tokens";

    /** Of a whole: its tokens. */
    static final String WHOLE_TOKENS = "whole-tokens";

    private Fields() {}

    /** Never empty, also for the tenant without a name. */
    static String tenant(Tenant tenant) {
        return "t" + tenant.name();
    }

    static String key(Tenant tenant, DocumentKey key) {
        return tenant(tenant) + '\0' + order(key);
    }

    static String order(DocumentKey key) {
        return key.collection() + '\0' + key.document();
    }

    static String metadata(String name, String value) {
        return name + '\0' + value;
    }

    /** Tenant, NUL, term: how common a term is, and how the tenant spells, is the tenant's own. */
    static String term(Tenant tenant, String term) {
        return tenant(tenant) + '\0' + term;
    }
}
