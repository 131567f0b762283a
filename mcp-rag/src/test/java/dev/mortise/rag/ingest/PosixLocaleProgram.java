package dev.mortise.rag.ingest;

import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.Path;

/** Takes in a folder whose files this JVM cannot name, and prints the names of the documents in ASCII. */
final class PosixLocaleProgram {
    private PosixLocaleProgram() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("encoding " + System.getProperty("sun.jnu.encoding"));
        Path folder = Path.of(arguments[0]);
        try (LuceneChunkStore store = LuceneChunkStore.inMemory(null)) {
            Ingestor.over(store).build().ingestFolder(Tenant.NONE, "docs", folder, IngestProgress.NONE);
            for (DocumentRecord document : store.documents(Tenant.NONE, null, null, 100)) {
                StringBuilder ascii = new StringBuilder();
                document.key()
                        .document()
                        .chars()
                        .forEach(c -> ascii.append(c < 128 ? String.valueOf((char) c) : String.format("\\u%04X", c)));
                System.out.println("document " + ascii);
            }
        }
    }
}
