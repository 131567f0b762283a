package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentRecord;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;

/** Reads back what an entry was made from. */
final class Stored {
    private Stored() {}

    static Chunk chunk(IndexSearcher searcher, int entry) throws IOException {
        return StoredForm.chunk(bytes(searcher, entry));
    }

    static DocumentRecord document(IndexSearcher searcher, int entry) throws IOException {
        return StoredForm.document(bytes(searcher, entry));
    }

    static String text(IndexSearcher searcher, int entry) throws IOException {
        String text =
                searcher.storedFields().document(entry, Set.of(Fields.TEXT)).get(Fields.TEXT);
        if (text == null) {
            throw new IOException("A document of the index has no text");
        }
        return text;
    }

    /** Doc values, because stored fields would unpack a whole page of them for each. */
    private static BytesRef bytes(IndexSearcher searcher, int entry) throws IOException {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(entry, leaves));
        BinaryDocValues values = leaf.reader().getBinaryDocValues(Fields.STORED);
        if (values == null || !values.advanceExact(entry - leaf.docBase)) {
            throw new IOException("An entry of the index has nothing stored");
        }
        return values.binaryValue();
    }
}
