package dev.mortise.examples.production;

import dev.mortise.examples.production.knowledge.Inbox;
import dev.mortise.examples.production.knowledge.IngestRequest;
import dev.mortise.examples.production.knowledge.IngestState;
import dev.mortise.examples.production.knowledge.Ingestion;
import dev.mortise.examples.production.knowledge.Library;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.mcp.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes a folder in, by itself where nothing serves, else by the process that does, which alone can write the index. */
final class IngestCommand {
    private static final long LOOK_MILLIS = 100;
    private static final int LOOKS_UNTIL_BEGUN = 100;
    private static final int LOOKS_WITHOUT_PROGRESS = 9_000;

    private IngestCommand() {}

    /** @return 0 if all was taken in, 1 if some was not */
    static int run(Settings settings, List<String> args) throws IOException, InterruptedException {
        Options options = Options.parse(args, Set.of("tenant", "collection"), Set.of("mirror"));
        if (options.words().size() != 1) {
            throw new IllegalArgumentException("usage: ingest PATH [--collection NAME] [--tenant NAME] [--mirror]");
        }
        Path path = Path.of(options.words().getFirst()).toAbsolutePath().normalize();
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("There is nothing to read at " + path);
        }
        if (options.has("mirror") && !Files.isDirectory(path)) {
            throw new IllegalArgumentException("--mirror takes a folder, and " + path + " is none");
        }
        IngestRequest request = new IngestRequest(
                path.toString(),
                options.value("tenant").orElse(""),
                options.value("collection").orElse("default"),
                options.has("mirror"));
        Progress progress = new Progress(System.out);
        Optional<IngestState> end = alone(settings, request, progress);
        if (end.isEmpty()) {
            end = served(settings, request, progress);
        }
        if (end.isEmpty()) {
            // A desktop client had it, perhaps, and has given it back.
            end = alone(settings, request, progress);
        }
        return progress.end(end.orElseThrow(() -> new IOException("Another process has the documents of "
                + settings.data() + " open, and does not serve: close that, or start the server")));
    }

    /** Empty if another process has the index. */
    private static Optional<IngestState> alone(Settings settings, IngestRequest request, Progress progress)
            throws IOException, InterruptedException {
        Parts parts;
        try {
            parts = Parts.open(settings, settings.resource(settings.number(Setting.PORT)), "ingest", Library.Use.WORKS);
        } catch (StoreUnavailable e) {
            if (settings.isReplicated()) {
                throw e;
            }
            return Optional.empty();
        }
        try (parts) {
            IngestState end = Ingestion.run(parts.library().base(), request, progress::show);
            if (!settings.isReplicated()) {
                // An earlier run may have died between storing and booking, and nobody else stores anything now.
                parts.reconcile(Duration.ZERO);
            }
            return Optional.of(end);
        }
    }

    /** Empty if nobody has begun it. */
    private static Optional<IngestState> served(Settings settings, IngestRequest request, Progress progress)
            throws IOException, InterruptedException {
        DataFolder data = DataFolder.open(settings.data());
        String id = Inbox.put(data, request);
        int looks = 0;
        Optional<IngestState> before = Optional.empty();
        while (true) {
            Optional<IngestState> state = Inbox.state(data, id);
            if (state.filter(IngestState::finished).isPresent()) {
                Inbox.forget(data, id);
                return state;
            }
            looks = state.equals(before) ? looks + 1 : 0;
            before = state;
            state.ifPresent(progress::show);
            if (state.isEmpty() && looks > LOOKS_UNTIL_BEGUN && Inbox.takeBack(data, id)) {
                return Optional.empty();
            }
            if (looks > LOOKS_WITHOUT_PROGRESS) {
                throw new IOException(
                        "The server makes no progress. It goes on with this when it does again, or is started");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
