package dev.mortise.examples.production.knowledge;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.ingest.IngestProgress;
import dev.mortise.rag.ingest.IngestReport;
import dev.mortise.rag.store.DocumentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Takes in a folder or a file, and tells how far it is. */
public final class Ingestion {
    private Ingestion() {}

    /** @param progress is told of each document, by one thread at a time, and at last of the end */
    public static IngestState run(KnowledgeBase base, IngestRequest request, Consumer<IngestState> progress)
            throws InterruptedException {
        IngestState end;
        AtomicInteger total = new AtomicInteger();
        IngestProgress telling = (done, of, latest) -> {
            total.set(of);
            progress.accept(IngestState.under(done, of, latest.key().document()));
        };
        try {
            IngestReport report = Files.isDirectory(request.folder())
                    ? base.ingestFolder(
                            request.owner(), request.collection(), request.folder(), request.mirror(), telling)
                    : file(base, request, telling);
            end = IngestState.ended(total.get(), report);
        } catch (IOException e) {
            end = IngestState.broken("it cannot be read: " + e.getMessage());
        } catch (StoreUnavailable e) {
            end = IngestState.broken("the documents cannot be written: " + e.getMessage());
        }
        progress.accept(end);
        return end;
    }

    private static IngestReport file(KnowledgeBase base, IngestRequest request, IngestProgress progress)
            throws IOException, InterruptedException {
        Path file = request.folder();
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        DocumentKey key = new DocumentKey(request.collection(), dot > 0 ? name.substring(0, dot) : name);
        IngestOutcome outcome = base.ingest(
                request.owner(),
                DocumentSource.of(key, Files.readAllBytes(file)).withFileName(name));
        progress.progress(1, 1, outcome);
        return switch (outcome) {
            case IngestOutcome.Stored stored -> new IngestReport(1, 0, 0, 0, List.of());
            case IngestOutcome.Unchanged unchanged -> new IngestReport(0, 1, 0, 0, List.of());
            case IngestOutcome.Failed failed -> new IngestReport(0, 0, 0, 1, List.of(failed));
        };
    }
}
