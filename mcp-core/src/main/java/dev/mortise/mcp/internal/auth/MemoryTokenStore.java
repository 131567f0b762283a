package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.TokenStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps texts in memory. */
public final class MemoryTokenStore implements TokenStore {
    private final Map<String, String> texts = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    @Override
    public Optional<String> read(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    @Override
    public void write(String name, String text) {
        texts.put(name, text);
    }

    @Override
    public void remove(String name) {
        texts.remove(name);
    }

    @Override
    public <T> T alone(String name, Duration patience, Work<T> work) throws IOException {
        ReentrantLock lock = locks.computeIfAbsent(name, key -> new ReentrantLock());
        Patience.lock(lock, patience);
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "TokenStore[memory]";
    }
}
