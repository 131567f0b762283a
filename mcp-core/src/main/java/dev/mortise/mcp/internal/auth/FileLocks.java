package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.TokenStore.Work;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks that other processes see, in empty files beside a file. The locks of a file belong to the process, not to the
 * thread, and closing any channel to it gives them up: so the threads of this process queue up before the file is
 * opened. The files stay, because one that is removed may be locked at that moment.
 */
record FileLocks(Path file) {
    private static final Map<Path, ReentrantLock> OF_THIS_PROCESS = new ConcurrentHashMap<>();
    private static final int STRIPES = 16;
    private static final long PAUSE_MILLIS = 20;

    /** One of a few locks, so that there are never more files than that. */
    static String stripe(String name) {
        return Integer.toHexString(Math.floorMod(name.hashCode(), STRIPES));
    }

    <T> T alone(String lock, Duration patience, Work<T> work) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock-" + lock);
        ReentrantLock own = OF_THIS_PROCESS.computeIfAbsent(lockFile, path -> new ReentrantLock());
        long deadline = System.nanoTime() + patience.toNanos();
        Patience.lock(own, patience);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Closing the channel gives the lock up.
            waitFor(channel, deadline, patience);
            return work.run();
        } finally {
            own.unlock();
        }
    }

    /** Asks again and again: the system's own waiting cannot be interrupted, and would hold a carrier thread. */
    private static void waitFor(FileChannel channel, long deadline, Duration patience) throws IOException {
        while (true) {
            FileLock held = channel.tryLock();
            if (held != null) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("Another process is renewing these credentials, for longer than " + patience);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw Patience.interrupted();
            }
        }
    }
}
