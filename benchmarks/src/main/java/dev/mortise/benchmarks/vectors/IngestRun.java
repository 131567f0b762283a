package dev.mortise.benchmarks.vectors;

import dev.mortise.benchmarks.TemporaryFolder;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Searches our store while it takes in vectors: how fast is either, as it grows. */
final class IngestRun {
    private static final int STEPS = 10;
    private static final int BEAM = 64;

    private IngestRun() {}

    /** @param args as for {@link VectorRun}; the folder is for an index that is deleted in the end */
    public static void main(String[] args) throws Exception {
        VectorOptions options = VectorOptions.of(args);
        System.out.print(run(options));
    }

    static String run(VectorOptions options) throws Exception {
        VectorData data = options.data();
        Path folder = Files.createTempDirectory(Files.createDirectories(options.folder()), "ingest");
        StringBuilder table = new StringBuilder(String.format("%s%n", data.name()));
        try (LuceneChunkStore store = MortiseIndex.open(data, folder);
                ExecutorService writer = Executors.newSingleThreadExecutor()) {
            MortiseIndex index = new MortiseIndex(store);
            float[][] queries = Sweep.queries(data);
            int step = data.size() / STEPS;
            for (int s = 0; s < STEPS; s++) {
                int from = s * step;
                long begin = System.nanoTime();
                Future<?> written = writer.submit(() -> MortiseIndex.fill(store, data, from, from + step));
                int searched = 0;
                while (!written.isDone() || searched == 0) {
                    index.search(queries[searched % queries.length], BEAM, Share.ALL);
                    searched++;
                }
                written.get();
                double seconds = (System.nanoTime() - begin) / 1e9;
                table.append(String.format(
                        "to %7d: %6.0f vectors/s, and beside it %6.0f queries/s%n",
                        from + step, step / seconds, searched / seconds));
            }
        } finally {
            TemporaryFolder.delete(folder);
        }
        return table.toString();
    }
}
