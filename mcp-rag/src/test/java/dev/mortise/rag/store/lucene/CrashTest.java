package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process dies (kill −9) while it writes, and, as every change leaves a small segment, while it merges. */
class CrashTest {
    private static final int DEATHS = 4;

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void losesNothingThatWasAcknowledgedAndShowsNoHalfDocument() throws Exception {
        int[] acknowledged = new int[CrashingWriter.DOCUMENTS];
        int next = 1;
        for (int death = 0; death < DEATHS; death++) {
            writeAndDie(next, 40 + 13 * death, acknowledged);
            try (LuceneChunkStore store = LuceneChunkStore.in(folder, Samples.SPACE)) {
                for (int document = 0; document < acknowledged.length; document++) {
                    next = Math.max(next, check(store, document, acknowledged[document]) + 1);
                }
                assertThat(store.nearest(CrashingWriter.TENANT, Samples.vector(1), Filter.ALL, 5))
                        .hasSize(5);
            }
        }
    }

    private static int check(LuceneChunkStore store, int document, int acknowledged) {
        int version = (int) store.document(CrashingWriter.TENANT, CrashingWriter.key(document))
                .orElseThrow()
                .version();
        // One more may have been written, and the process killed before it could say so.
        assertThat(version).isBetween(acknowledged, acknowledged + 1);
        List<Chunk> chunks = store.chunks(CrashingWriter.TENANT, CrashingWriter.key(document));
        assertThat(chunks).hasSize(CrashingWriter.chunks(version));
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.version()).isEqualTo(version));
        assertThat(store.text(CrashingWriter.TENANT, CrashingWriter.key(document)))
                .contains(CrashingWriter.document(document, version).text());
        return version;
    }

    private void writeAndDie(int first, int acknowledgements, int[] acknowledged) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
                        folder.toString(),
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ");
                // Those that were on their way when it was killed count, too.
                acknowledged[Integer.parseInt(parts[0])] = Integer.parseInt(parts[1]);
                if (++seen == acknowledgements) {
                    // By its handle: the process itself would close the pipe, with what is still in it.
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(seen).isGreaterThanOrEqualTo(acknowledgements);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
