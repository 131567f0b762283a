package dev.mortise.examples.production.knowledge;

import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.mcp.json.Json;
import dev.mortise.rag.KnowledgeBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a command has the process that serves take a folder in, which alone can write the index: by a file in the data folder,
 * into which nobody else can write, and beside which that process says how far it is. What is under way when it dies is
 * begun anew by the next one; documents that were taken in by then cost nothing more.
 */
public final class Inbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final String WANTED = ".wanted";
    private static final String STATE = ".state";

    private final Path folder;
    private final KnowledgeBase base;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread worker = Thread.ofVirtual().name("inbox").unstarted(this::work);

    private Inbox(Path folder, KnowledgeBase base) {
        this.folder = folder;
        this.base = base;
    }

    /** Does what commands put in, one after the other, until it is closed. */
    public static Inbox serve(DataFolder data, KnowledgeBase base) throws IOException {
        Inbox inbox = new Inbox(data.folder("inbox"), base);
        inbox.worker.start();
        return inbox;
    }

    /** @return by which name to ask for it */
    public static String put(DataFolder data, IngestRequest request) throws IOException {
        String id = UUID.randomUUID().toString();
        write(data.folder("inbox"), id + WANTED, request.json());
        return id;
    }

    /** Takes it back, as long as nobody has begun it. */
    public static boolean takeBack(DataFolder data, String id) throws IOException {
        Path inbox = data.folder("inbox");
        return !Files.exists(inbox.resolve(id + STATE)) && Files.deleteIfExists(inbox.resolve(id + WANTED));
    }

    /** How far it is; empty until somebody has begun it. */
    public static Optional<IngestState> state(DataFolder data, String id) throws IOException {
        Path state = data.folder("inbox").resolve(id + STATE);
        try {
            return Optional.of(IngestState.of(Json.read(Files.readAllBytes(state))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (Json.InvalidJson e) {
            throw new IOException(state + " is damaged", e);
        }
    }

    /** Whoever asked has seen the end. */
    public static void forget(DataFolder data, String id) throws IOException {
        Files.deleteIfExists(data.folder("inbox").resolve(id + STATE));
    }

    private void work() {
        try {
            do {
                for (Path wanted : wanted()) {
                    carryOut(wanted);
                }
            } while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Closed");
        }
    }

    private List<Path> wanted() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(WANTED))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The inbox cannot be read: {}", e.toString());
            return List.of();
        }
    }

    private void carryOut(Path wanted) throws InterruptedException {
        String id = wanted.getFileName().toString().replace(WANTED, "");
        try {
            tell(id, IngestState.under(0, 0, ""));
            IngestRequest request = IngestRequest.of(Json.read(Files.readAllBytes(wanted)));
            LOG.info(
                    "Taking in {} for {}", request.path(), request.tenant().isEmpty() ? "the house" : request.tenant());
            long[] told = {System.nanoTime()};
            Ingestion.run(base, request, state -> {
                long now = System.nanoTime();
                if (state.finished() || now - told[0] > LOOK.toNanos()) {
                    told[0] = now;
                    tell(id, state);
                }
            });
            Files.deleteIfExists(wanted);
        } catch (IOException | Json.InvalidJson | IllegalArgumentException | UncheckedIOException e) {
            LOG.warn("What a command wanted cannot be done", e);
            remove(wanted);
        }
    }

    private void tell(String id, IngestState state) {
        try {
            write(folder, id + STATE, state.json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed", file, e);
        }
    }

    /** At once, so that nobody reads a half of it. */
    private static void write(Path folder, String name, byte[] bytes) throws IOException {
        Path whole = Files.createTempFile(folder, name, ".new");
        Files.write(whole, bytes);
        Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        closed.countDown();
        worker.interrupt();
    }
}
