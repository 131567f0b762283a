package dev.mortise.security.secret;

import dev.mortise.mcp.resilience.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of a server by their names. A value is kept for a while, and then fetched again by the first who asks;
 * while its source fails, the last good value goes on being used. Thread-safe.
 *
 * <pre>{@code
 * try (Secrets secrets = Secrets.files(Path.of("/run/secrets")).watch(Duration.ofSeconds(10))) {
 *     SecretCheck.of(secrets).strong("signing-key", 32).present("smtp-password").verify();
 *     Secret key = secrets.get("signing-key");
 * }
 * }</pre>
 */
public final class Secrets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

    /** After a failure the source is asked again no sooner. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private static final int MOST_NAMES = 10_000;

    private final SecretSource source;
    private final Duration ttl;
    private final Ticker ticker;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<Secret>>> listeners = new ConcurrentHashMap<>();
    private volatile @Nullable Thread watcher;

    private Secrets(SecretSource source, Duration ttl, Ticker ticker) {
        this.source = source;
        this.ttl = ttl;
        this.ticker = ticker;
    }

    /**
     * From environment variables: {@code signing-key} is {@code PREFIX_SIGNING_KEY}. They do not change while a process
     * lives, and others on the machine may read them: files are better.
     *
     * @param prefix such as {@code MORTISE}; empty for none
     */
    public static Secrets environment(String prefix) {
        return environment(prefix, System.getenv());
    }

    static Secrets environment(String prefix, Map<String, String> variables) {
        String start = prefix.isEmpty() ? "" : prefix + "_";
        return from(
                name -> Optional.ofNullable(variables.get(
                                start + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")))
                        .filter(value -> !value.isEmpty())
                        .map(Secret::of),
                Duration.ofDays(1));
    }

    /** From the files of a directory, such as a mounted Kubernetes secret; read again when they are a second old. */
    public static Secrets files(Path directory) {
        return from(new SecretFiles(directory), Duration.ofSeconds(1));
    }

    /**
     * From anywhere.
     *
     * @param ttl for which a value is used without asking again
     */
    public static Secrets from(SecretSource source, Duration ttl) {
        return from(source, ttl, Ticker.system());
    }

    static Secrets from(SecretSource source, Duration ttl, Ticker ticker) {
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("Secrets are kept for a while, not for " + ttl);
        }
        return new Secrets(source, ttl, ticker);
    }

    /** These, and for names that they do not have, others. */
    public Secrets orElse(Secrets others) {
        return from(
                name -> {
                    Optional<Secret> found = find(name);
                    return found.isPresent() ? found : others.find(name);
                },
                ttl.compareTo(others.ttl) < 0 ? ttl : others.ttl,
                ticker);
    }

    /**
     * A secret that has to be there.
     *
     * @throws SecretUnavailable if it is not, or could never be read
     */
    public Secret get(String name) {
        return find(name).orElseThrow(() -> new SecretUnavailable("There is no secret " + name));
    }

    /**
     * A secret, if there is one.
     *
     * @throws SecretUnavailable if it could never be read
     */
    public Optional<Secret> find(String name) {
        if (kept.size() >= MOST_NAMES && !kept.containsKey(name)) {
            throw new SecretUnavailable("More than " + MOST_NAMES + " secrets were asked for");
        }
        return kept.computeIfAbsent(name, Kept::new).value();
    }

    /**
     * Calls a listener with every new value that a secret gets from now on, on the thread that noticed. Looked for when
     * somebody asks, and by {@link #watch}.
     */
    public void onChange(String name, Consumer<Secret> listener) {
        listeners.computeIfAbsent(name, unused -> new CopyOnWriteArrayList<>()).add(listener);
        try {
            find(name);
        } catch (SecretUnavailable e) {
            LOG.warn("The secret {} is listened to, and cannot be read now", name);
        }
    }

    /** Looks for changes of all secrets that were asked for, every so often, until closed. */
    public Secrets watch(Duration interval) {
        if (watcher != null) {
            throw new IllegalStateException("These secrets are watched already");
        }
        watcher = Thread.ofVirtual().name("mortise-secrets").start(() -> {
            while (true) {
                try {
                    Thread.sleep(interval);
                } catch (InterruptedException e) {
                    return;
                }
                look();
            }
        });
        return this;
    }

    /** Looks for changes now. */
    void look() {
        for (String name : new ArrayList<>(kept.keySet())) {
            try {
                find(name);
            } catch (RuntimeException e) {
                LOG.debug("The secret {} could not be looked at", name, e);
            }
        }
    }

    /** Ends watching. Values that were handed out stay as they are. */
    @Override
    public void close() {
        Thread thread = watcher;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void tell(String name, Secret value) {
        for (Consumer<Secret> listener : listeners.getOrDefault(name, List.of())) {
            try {
                listener.accept(value);
            } catch (RuntimeException e) {
                LOG.warn(
                        "A listener to the secret {} failed: {}",
                        name,
                        e.getClass().getName());
            }
        }
    }

    /** One name: fetched by one thread at a time, while those who have something older use that. */
    private final class Kept {
        private final String name;
        private final ReentrantLock fetching = new ReentrantLock();
        private volatile @Nullable Good good;
        /** Where it could not be read, and there is nothing to go on with: until then the source is left alone. */
        private volatile @Nullable Failed failed;

        private record Good(Optional<Secret> value, long until) {}

        private record Failed(Exception why, long until) {}

        Kept(String name) {
            this.name = name;
        }

        Optional<Secret> value() {
            Good now = good;
            if (now != null && (now.until() - ticker.nanos() > 0 || !fetching.tryLock())) {
                return now.value();
            }
            if (now == null) {
                fetching.lock();
            }
            Good before = good;
            Good after;
            try {
                if (before != null && before.until() - ticker.nanos() > 0) {
                    return before.value();
                }
                after = fetched(before);
                good = after;
            } finally {
                fetching.unlock();
            }
            if (before != null && after.value().isPresent() && !after.value().equals(before.value())) {
                LOG.info("The secret {} has a new value", name);
                tell(name, after.value().get());
            }
            return after.value();
        }

        private SecretUnavailable unavailable(Exception e) {
            return new SecretUnavailable("The secret " + name + " could not be read", e);
        }

        private Good fetched(@Nullable Good before) {
            Failed not = failed;
            if (not != null && not.until() - ticker.nanos() > 0) {
                throw unavailable(not.why());
            }
            try {
                return new Good(source.fetch(name), ticker.nanos() + ttl.toNanos());
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                Duration pause = ttl.compareTo(AFTER_FAILURE) < 0 ? ttl : AFTER_FAILURE;
                long until = ticker.nanos() + pause.toNanos();
                if (before == null || before.value().isEmpty()) {
                    // That somebody was told to stop says nothing of the source, whatever wraps it.
                    failed = Thread.currentThread().isInterrupted() ? null : new Failed(e, until);
                    throw unavailable(e);
                }
                LOG.warn("The secret {} could not be read again; the last good value is used: {}", name, e.toString());
                return new Good(before.value(), until);
            }
        }
    }
}
