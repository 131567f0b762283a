package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * PDF and Office through Apache Tika, which has to be there: {@code org.apache.tika:tika-core} and
 * {@code tika-parsers-standard-package}. Thread-safe.
 *
 * <p>Runs on platform threads, because native code and monitors in these parsers would pin virtual ones, and on a bounded
 * number of them. Nothing embedded in a document is read, no image is recognised, no program is started, nothing is
 * fetched. A document that takes too long is given up; if its parser does not heed the interrupt, its place stays taken
 * until it does, so that hostile documents never hold more threads than there are places.
 */
public final class TikaParser implements DocumentParser {
    private final Settings settings;
    private final Semaphore places;
    private final TikaFormats formats;

    /**
     * Bounds.
     *
     * @param threads how many documents are read at once
     * @param timeout for a document, waiting for a place not included, which may take as long again
     * @param maxUnpacked bytes of an Office document, or of one stream of a PDF, when it is unpacked
     * @param maxCharacters of its text
     */
    public record Settings(int threads, Duration timeout, long maxUnpacked, int maxCharacters) {
        public Settings {
            if (threads < 1 || threads > 64 || timeout.toMillis() < 1 || maxUnpacked < 1 || maxCharacters < 1) {
                throw new IllegalArgumentException("There are 1 to 64 threads, and all bounds are positive");
            }
        }

        /** Two documents at once, 60 seconds, 256 MiB unpacked, 16 Mi characters. */
        public static Settings standard() {
            return new Settings(2, Duration.ofSeconds(60), 256L * 1024 * 1024, 16 * 1024 * 1024);
        }
    }

    /** @throws IllegalStateException if Tika is not there */
    public TikaParser(Settings settings) {
        if (!isAvailable()) {
            throw new IllegalStateException(
                    "Apache Tika is not there: add org.apache.tika:tika-core and tika-parsers-standard-package");
        }
        this.settings = settings;
        this.formats = new TikaFormats();
        this.places = new Semaphore(settings.threads(), true);
    }

    /** Whether Tika is there. */
    public static boolean isAvailable() {
        try {
            Class.forName("org.apache.tika.parser.AutoDetectParser", false, TikaParser.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** How many documents could be read at this moment: none while all places are taken, for good or for a while. */
    public int freePlaces() {
        return places.availablePermits();
    }

    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        CompletableFuture<ParsedText> reading = new CompletableFuture<>();
        Thread reader = null;
        try {
            if (!places.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DocumentRejected(Reason.UNAVAILABLE, "Other documents are being read; try again later");
            }
            reader = Thread.ofPlatform().daemon().name("tika").unstarted(() -> read(source, reading));
            reader.start();
            return reading.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DocumentRejected(
                    Reason.TIMED_OUT,
                    "Reading it took more than " + settings.timeout().toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw rejected(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DocumentRejected(Reason.UNAVAILABLE, "Reading it was stopped", e);
        } finally {
            if (reader != null) {
                reader.interrupt();
            }
        }
    }

    private void read(DocumentSource source, CompletableFuture<ParsedText> reading) {
        try {
            reading.complete(formats.read(source, settings));
        } catch (Throwable e) {
            // Whatever it is, also an error, is this document's.
            reading.completeExceptionally(e);
        } finally {
            places.release();
        }
    }

    private static DocumentRejected rejected(@org.jspecify.annotations.Nullable Throwable cause) {
        return switch (cause) {
            case DocumentRejected known -> known;
            case OutOfMemoryError e ->
                new DocumentRejected(Reason.TOO_LARGE, "There is not memory enough to read it", e);
            case null, default -> new DocumentRejected(Reason.BROKEN, "It is broken: its parser failed", cause);
        };
    }
}
