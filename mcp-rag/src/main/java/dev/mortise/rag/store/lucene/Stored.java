package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentRecord;
import java.io.IOException;
import java.util.Set;
import org.apache.lucene.document.Document;
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

    private static BytesRef bytes(IndexSearcher searcher, int entry) throws IOException {
        Document document = searcher.storedFields().document(entry, Set.of(Fields.STORED));
        BytesRef bytes = document.getBinaryValue(Fields.STORED);
        if (bytes == null) {
            throw new IOException("An entry of the index has nothing stored");
        }
        return bytes;
    }
}
