package dev.mortise.examples.documents;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.mortise.mcp.server.ServerEvents;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes in the folder, whoever makes them. What the file system reports only says that it is time to look:
 * a change is what differs from the last look. So new folders, lost and repeated reports, and editors that write a
 * file in several steps need no care of their own.
 */
final class FolderWatch implements AutoCloseable {
    /** So long nothing must happen before it looks, so that a burst of changes is one. */
    private static final Duration QUIET = Duration.ofMillis(50);

    /** So long it waits for quiet. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** It looks so often without a report, because network file systems make none. */
    private static final Duration UNASKED = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final DocumentFolder folder;
    private final ServerEvents events;
    private final WatchService reports;
    private boolean warned;

    private FolderWatch(DocumentFolder folder, ServerEvents events, WatchService reports) {
        this.folder = folder;
        this.events = events;
        this.reports = reports;
    }

    /** Every change from the moment this returns is told. */
    static FolderWatch start(DocumentFolder folder, ServerEvents events) throws IOException {
        FolderWatch watch =
                new FolderWatch(folder, events, FileSystems.getDefault().newWatchService());
        FolderScan first = watch.look();
        if (!first.complete()) {
            LOG.warn("There are more documents than {}: the others are left out", FolderScan.MAX_DOCUMENTS);
        }
        // A platform thread, because reading folders would hold on to a virtual thread's carrier.
        Thread.ofPlatform().daemon().name("folder-watch").start(() -> watch.run(first));
        return watch;
    }

    @Override
    public void close() {
        try {
            reports.close();
        } catch (IOException e) {
            LOG.debug("The watch does not close", e);
        }
    }

    private void run(FolderScan first) {
        FolderScan last = first;
        try {
            while (true) {
                awaitReports();
                FolderScan now = look();
                tell(last.documents(), now.documents());
                last = now;
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("No longer watching");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a report and then for quiet, or until it is time to look anyway. */
    private void awaitReports() throws InterruptedException {
        WatchKey key = reports.poll(UNASKED.toMillis(), TimeUnit.MILLISECONDS);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = System.nanoTime() < deadline ? reports.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS) : null;
        }
    }

    /** Watches first and reads then, so that nothing falls in between; again if there was a new folder by then. */
    private FolderScan look() {
        FolderScan scan = folder.scan();
        Set<Path> watched;
        do {
            watched = Set.copyOf(scan.folders());
            watched.forEach(this::watch);
            scan = folder.scan();
        } while (!watched.containsAll(scan.folders()));
        return scan;
    }

    /** Does no harm to a folder that is watched already. */
    private void watch(Path path) {
        try {
            path.register(reports, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        } catch (IOException e) {
            if (!warned) {
                LOG.warn("{} cannot be watched; looking every {} instead", path, UNASKED, e);
            }
            warned = true;
        }
    }

    private void tell(Map<String, Document> before, Map<String, Document> now) {
        if (!before.keySet().equals(now.keySet())) {
            events.resourcesChanged();
        }
        before.forEach((uri, document) -> {
            if (!document.equals(now.get(uri))) {
                events.resourceUpdated(uri);
            }
        });
    }
}
