package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/**
 * The block of entries of a document: one for each chunk, the first of which is that of the whole document, too. So
 * every entry has a vector, and the number of a vector is that of its entry. A document without chunks has an entry of its
 * own. Entries are made when the writer asks for them, one after the other, since one takes many times what it is made from.
 */
final class Entries implements Iterable<Document> {
    private static final FieldType TERMS = new FieldType();

    static {
        TERMS.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        TERMS.setTokenized(true);
        TERMS.freeze();
    }

    private final Tenant tenant;
    private final DocumentChunks document;
    private final DocumentTerms terms;

    private Entries(Tenant tenant, DocumentChunks document, DocumentTerms terms) {
        this.tenant = tenant;
        this.document = document;
        this.terms = terms;
    }

    /** Takes the texts apart, which is most of the work. */
    static Entries of(Tenant tenant, DocumentChunks document) {
        return new Entries(tenant, document, DocumentTerms.of(tenant, document));
    }

    @Override
    public Iterator<Document> iterator() {
        return IntStream.range(0, Math.max(1, document.chunks().size()))
                .mapToObj(this::entry)
                .iterator();
    }

    private Document entry(int ordinal) {
        try {
            DocumentRecord record = document.document();
            Document entry = document.chunks().isEmpty()
                    ? entry(tenant, record.key(), record.metadata())
                    : chunk(document.chunks().get(ordinal), ordinal);
            if (ordinal == 0) {
                addWhole(entry);
            }
            return entry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Document chunk(EmbeddedChunk embedded, int ordinal) throws IOException {
        Chunk chunk = embedded.chunk();
        Document entry = entry(tenant, chunk.document(), chunk.metadata());
        entry.add(new StringField(Fields.KIND, Fields.CHUNK, Field.Store.NO));
        entry.add(new Field(Fields.CHUNK_TERMS, terms.ofChunk(ordinal), TERMS));
        float[] vector = embedded.vector();
        if (vector != null) {
            entry.add(new KnnFloatVectorField(Fields.VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
        }
        entry.add(new BinaryDocValuesField(Fields.STORED_CHUNK, new BytesRef(StoredForm.of(chunk))));
        return entry;
    }

    private void addWhole(Document entry) throws IOException {
        DocumentRecord record = document.document();
        entry.add(new StringField(Fields.KIND, Fields.WHOLE, Field.Store.NO));
        entry.add(new Field(Fields.WHOLE_TERMS, terms.ofWhole(), TERMS));
        entry.add(new SortedDocValuesField(Fields.ORDER, new BytesRef(Fields.order(record.key()))));
        entry.add(new NumericDocValuesField(Fields.BYTES, record.bytes()));
        entry.add(new NumericDocValuesField(Fields.CHUNKS, document.chunks().size()));
        entry.add(new NumericDocValuesField(Fields.CHUNK_TOKENS, terms.chunkTokens()));
        entry.add(new NumericDocValuesField(Fields.WHOLE_TOKENS, terms.wholeTokens()));
        entry.add(new BinaryDocValuesField(Fields.STORED_WHOLE, new BytesRef(StoredForm.of(record))));
        entry.add(new StoredField(Fields.TEXT, document.text()));
    }

    private static Document entry(Tenant tenant, DocumentKey key, Map<String, String> metadata) {
        Document entry = new Document();
        entry.add(new StringField(Fields.TENANT, Fields.tenant(tenant), Field.Store.NO));
        String name = Fields.key(tenant, key);
        entry.add(new StringField(Fields.KEY, name, Field.Store.NO));
        entry.add(new SortedDocValuesField(Fields.KEY, new BytesRef(name)));
        entry.add(new StringField(Fields.COLLECTION, key.collection(), Field.Store.NO));
        metadata.forEach((metadataName, value) ->
                entry.add(new StringField(Fields.METADATA, Fields.metadata(metadataName, value), Field.Store.NO)));
        return entry;
    }
}
