package dev.mortise.rag.store.lucene;

import dev.mortise.rag.analysis.TextAnalyzer;
import dev.mortise.rag.analysis.Token;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * Makes the block of entries of a document: one for each chunk, the first of which is that of the whole document, too. So
 * every entry has a vector, and the number of a vector is that of its entry. A document without chunks has an entry of its own.
 */
final class Entries {
    /** How often the title counts, against a heading or the text. */
    private static final int TITLE_WEIGHT = 2;

    private static final FieldType TERMS = new FieldType();
    private static final FieldType PRESENCE = new FieldType();

    static {
        TERMS.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        TERMS.setTokenized(true);
        TERMS.freeze();
        PRESENCE.setIndexOptions(IndexOptions.DOCS);
        PRESENCE.setTokenized(false);
        PRESENCE.setOmitNorms(true);
        PRESENCE.freeze();
    }

    private Entries() {}

    static List<Document> of(Tenant tenant, DocumentChunks document) throws IOException {
        DocumentRecord record = document.document();
        List<Document> block = new ArrayList<>(Math.max(1, document.chunks().size()));
        List<Token> title = TextAnalyzer.tokens(record.title());
        List<Token> all = new ArrayList<>(title.size() * TITLE_WEIGHT);
        for (int i = 0; i < TITLE_WEIGHT; i++) {
            all.addAll(title);
        }
        Map<String, List<Token>> headings = new HashMap<>();
        for (EmbeddedChunk embedded : document.chunks()) {
            Chunk chunk = embedded.chunk();
            List<Token> terms = new ArrayList<>();
            for (int i = 0; i < TITLE_WEIGHT; i++) {
                terms.addAll(title);
            }
            for (String heading : chunk.headings()) {
                List<Token> tokens = headings.get(heading);
                if (tokens == null) {
                    tokens = TextAnalyzer.tokens(heading);
                    headings.put(heading, tokens);
                    all.addAll(tokens);
                }
                terms.addAll(tokens);
            }
            List<Token> body = TextAnalyzer.tokens(chunk.text());
            terms.addAll(body);
            all.addAll(body);
            block.add(chunk(tenant, embedded, terms));
        }
        if (block.isEmpty()) {
            block.add(entry(tenant, record.key(), record.metadata()));
        }
        addWhole(block.getFirst(), document, all);
        return block;
    }

    private static Document chunk(Tenant tenant, EmbeddedChunk embedded, List<Token> terms) throws IOException {
        Chunk chunk = embedded.chunk();
        Document entry = entry(tenant, chunk.document(), chunk.metadata());
        entry.add(new StringField(Fields.KIND, Fields.CHUNK, Field.Store.NO));
        entry.add(new Field(Fields.CHUNK_TERMS, new TermStream(terms), TERMS));
        Set<String> vocabulary = new LinkedHashSet<>();
        terms.forEach(token -> vocabulary.add(token.term()));
        for (String term : vocabulary) {
            entry.add(new Field(Fields.VOCABULARY, Fields.vocabulary(tenant, term), PRESENCE));
        }
        float[] vector = embedded.vector();
        if (vector != null) {
            entry.add(new KnnFloatVectorField(Fields.VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
        }
        entry.add(new BinaryDocValuesField(Fields.STORED_CHUNK, new BytesRef(StoredForm.of(chunk))));
        return entry;
    }

    private static void addWhole(Document entry, DocumentChunks document, List<Token> terms) throws IOException {
        DocumentRecord record = document.document();
        entry.add(new StringField(Fields.KIND, Fields.WHOLE, Field.Store.NO));
        entry.add(new Field(Fields.WHOLE_TERMS, new TermStream(terms), TERMS));
        entry.add(new SortedDocValuesField(Fields.ORDER, new BytesRef(Fields.order(record.key()))));
        entry.add(new NumericDocValuesField(Fields.BYTES, record.bytes()));
        entry.add(new NumericDocValuesField(Fields.CHUNKS, document.chunks().size()));
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
