package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process dies (kill −9) while documents are taken in and a segment with a graph of vectors is being merged. */
class KnowledgeCrashTest {
    private static final int DEATHS = 3;

    @TempDir
    private Path folder;

    @Test
    @Timeout(180)
    void nothingAcknowledgedIsLostAndNoDocumentIsThereByHalf() throws Exception {
        long[] acknowledged = new long[CrashingKnowledge.DOCUMENTS];
        for (int death = 0; death < DEATHS; death++) {
            takeInAndDie(5 + 3 * death, 1 + death % 2, acknowledged);
            ChunkStore store = CrashingKnowledge.store(folder);
            try (KnowledgeBase base = CrashingKnowledge.over(store)) {
                for (int document = 0; document < acknowledged.length; document++) {
                    acknowledged[document] = check(base, document, acknowledged[document]);
                }
                assertThat(store.statistics(CrashingKnowledge.LARGE).documents())
                        .isEqualTo(CrashingKnowledge.LARGE_DOCUMENTS);
                float[] vector = Samples.vector(new Random(death), 64);
                assertThat(store.nearest(CrashingKnowledge.LARGE, vector, Filter.ALL, 20))
                        .hasSize(20);
                assertThat(store.trouble()).isEmpty();
            }
        }
    }

    /** @return the version that is there */
    private static long check(KnowledgeBase base, int document, long acknowledged) throws Exception {
        long version = base.store()
                .document(CrashingKnowledge.TENANT, CrashingKnowledge.key(document))
                .orElseThrow()
                .version();
        // One more may have been stored, and the process killed before it could say so.
        assertThat(version).isBetween(acknowledged, acknowledged + 1);
        assertThat(texts(base, document)).isEqualTo(expected(document, version));
        assertThat(base.search(CrashingKnowledge.TENANT, SearchQuery.of("part of version " + version))
                        .hits())
                .isNotEmpty();
        return version;
    }

    private static List<String> texts(KnowledgeBase base, int document) {
        return base.store().chunks(CrashingKnowledge.TENANT, CrashingKnowledge.key(document)).stream()
                .map(Chunk::text)
                .toList();
    }

    private static List<String> expected(int document, long version) throws InterruptedException {
        try (KnowledgeBase whole = CrashingKnowledge.over(CrashingKnowledge.inMemory())) {
            whole.ingest(CrashingKnowledge.TENANT, CrashingKnowledge.source(document, version));
            return texts(whole, document);
        }
    }

    /** Kills it when the so-manieth merge has begun. */
    private void takeInAndDie(int enough, int merges, long[] acknowledged) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingKnowledge.class.getName(),
                        folder.toString(),
                        String.valueOf(enough))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            int left = merges;
            boolean killed = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ");
                if (parts[0].equals("stored")) {
                    // Those that were on their way when it was killed count, too.
                    acknowledged[Integer.parseInt(parts[1])] = Long.parseLong(parts[2]);
                    seen++;
                } else if (parts[0].equals("merging") && --left == 0) {
                    // By its handle: the process itself would close the pipe, with what is still in it.
                    killed = process.toHandle().destroyForcibly();
                }
            }
            assertThat(killed).as("it went on until it was killed").isTrue();
            assertThat(seen).isGreaterThanOrEqualTo(enough);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
