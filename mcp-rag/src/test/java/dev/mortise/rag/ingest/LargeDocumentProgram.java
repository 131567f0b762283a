package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/** Takes in one document of many megabytes of Chinese, in a virtual machine that is given little memory. */
public final class LargeDocumentProgram {
    private static final Tenant TENANT = Tenant.of("acme");

    private LargeDocumentProgram() {}

    /** @param arguments the folder of the index, and how many characters */
    public static void main(String[] arguments) throws Exception {
        DocumentKey key = new DocumentKey("docs", "large");
        try (LuceneChunkStore store = LuceneChunkStore.in(Path.of(arguments[0]), null)) {
            byte[] bytes = chinese(Integer.parseInt(arguments[1])).getBytes(StandardCharsets.UTF_8);
            IngestOutcome outcome = Ingestor.over(store)
                    .build()
                    .ingest(TENANT, DocumentSource.of(key, bytes).withFileName("large.txt"));
            System.out.println(outcome);
            System.out.println(store.chunks(TENANT, key).size() + " chunks");
            System.out.println(store.matching(TENANT, "水泵的压力", Filter.ALL, 3)
                    .getFirst()
                    .chunk()
                    .text());
        }
    }

    /** Few characters are common, and many rare, as in life. One sentence is about a pump. */
    private static String chinese(int characters) {
        Random random = new Random(8);
        StringBuilder text = new StringBuilder(characters + 64);
        for (int sentence = 0; text.length() < characters; sentence++) {
            int length = 8 + random.nextInt(30);
            for (int i = 0; i < length; i++) {
                text.append((char) ('\u4e00' + (int) (3000 * Math.pow(random.nextDouble(), 10))));
            }
            text.append(sentence % 12 == 11 ? "。\n\n" : "。");
            if (sentence == 1000) {
                text.append("水泵的压力是三巴。");
            }
        }
        return text.toString();
    }
}
