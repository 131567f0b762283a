package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that writes until it is killed, and says what was acknowledged. */
final class CrashingWriter {
    static final Tenant TENANT = Tenant.of("acme");
    static final int DOCUMENTS = 5;

    private CrashingWriter() {}

    /** How many chunks a document has in this version. */
    static int chunks(int version) {
        return 1 + version % 7;
    }

    static DocumentKey key(int document) {
        return Samples.key("d" + document);
    }

    static DocumentChunks document(int document, int version) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < chunks(version); i++) {
            texts.add("passage " + i + " of version " + version);
        }
        return Samples.document(key(document), version, Map.of(), texts.toArray(String[]::new));
    }

    public static void main(String[] args) {
        int first = Integer.parseInt(args[1]);
        try (LuceneChunkStore store = LuceneChunkStore.in(Path.of(args[0]), Samples.SPACE)) {
            for (int version = first; ; version++) {
                for (int document = 0; document < DOCUMENTS; document++) {
                    store.replace(TENANT, document(document, version));
                    System.out.print(document + " " + version + "\n");
                    System.out.flush();
                }
            }
        }
    }
}
