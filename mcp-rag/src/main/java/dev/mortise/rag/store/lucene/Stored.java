package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Reads back what entries were made from. Doc values, because stored fields would unpack a whole page of them for each. */
final class Stored {
    private final IndexSearcher searcher;
    private final String field;
    private @Nullable LeafReaderContext leaf;
    private @Nullable BinaryDocValues values;

    private Stored(IndexSearcher searcher, String field) {
        this.searcher = searcher;
        this.field = field;
    }

    static Chunk chunk(IndexSearcher searcher, int entry) throws IOException {
        return StoredForm.chunk(new Stored(searcher, Fields.STORED_CHUNK).bytes(entry));
    }

    /** In the order of the entries that are given, which may be any. */
    static List<Chunk> chunks(IndexSearcher searcher, int[] entries) throws IOException {
        // Opened once for each segment, which is only possible from the front to the back.
        long[] order = new long[entries.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (long) entries[i] << 32 | i;
        }
        Arrays.sort(order);
        Stored stored = new Stored(searcher, Fields.STORED_CHUNK);
        Chunk[] chunks = new Chunk[entries.length];
        for (long next : order) {
            chunks[(int) next] = StoredForm.chunk(stored.bytes((int) (next >> 32)));
        }
        return List.of(chunks);
    }

    static DocumentRecord document(IndexSearcher searcher, int entry) throws IOException {
        return StoredForm.document(new Stored(searcher, Fields.STORED_WHOLE).bytes(entry));
    }

    static String text(IndexSearcher searcher, int entry) throws IOException {
        String text =
                searcher.storedFields().document(entry, Set.of(Fields.TEXT)).get(Fields.TEXT);
        if (text == null) {
            throw new IOException("A document of the index has no text");
        }
        return text;
    }

    /** Good until the next are asked for. */
    private BytesRef bytes(int entry) throws IOException {
        LeafReaderContext its = leaf;
        if (its == null || entry - its.docBase >= its.reader().maxDoc()) {
            List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
            its = leaves.get(ReaderUtil.subIndex(entry, leaves));
            leaf = its;
            values = its.reader().getBinaryDocValues(field);
        }
        if (values == null || !values.advanceExact(entry - its.docBase)) {
            throw new IOException("An entry of the index has nothing stored");
        }
        return values.binaryValue();
    }
}
