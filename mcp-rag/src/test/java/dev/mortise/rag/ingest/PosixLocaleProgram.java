package dev.mortise.rag.ingest;

import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes in a folder whose files this JVM cannot name, and prints the names of the documents in ASCII. */
final class PosixLocaleProgram {
    private PosixLocaleProgram() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("encoding " + System.getProperty("sun.jnu.encoding"));
        URI folder = URI.create(arguments[0]);
        // By their bytes: 年假/制度.md, 年假/流程.md, and one that is no UTF-8.
        Files.createDirectory(Path.of(folder.resolve("%E5%B9%B4%E5%81%87")));
        Files.writeString(Path.of(folder.resolve("%E5%B9%B4%E5%81%87/%E5%88%B6%E5%BA%A6.md")), "first");
        Files.writeString(Path.of(folder.resolve("%E5%B9%B4%E5%81%87/%E6%B5%81%E7%A8%8B.md")), "second");
        Files.writeString(Path.of(folder.resolve("%C4%EA.md")), "third");
        Files.writeString(Path.of(folder.resolve("%C4%EB.md")), "fourth");
        Files.writeString(Path.of(folder.resolve("plain%20name.md")), "fifth");
        try (LuceneChunkStore store = LuceneChunkStore.inMemory(null)) {
            Ingestor.over(store).build().ingestFolder(Tenant.NONE, "docs", Path.of(folder), IngestProgress.NONE);
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
