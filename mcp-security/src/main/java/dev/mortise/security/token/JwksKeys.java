package dev.mortise.security.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.auth.VerifierUnavailable;
import dev.mortise.security.internal.jose.PublicJwk;
import dev.mortise.security.internal.jose.VerificationKey;
import dev.mortise.security.internal.net.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A JWK Set over HTTP. One request at a time, whoever wants it; a new set before the old one is due, in the background;
 * the last good one through outages; and for a key that nobody knows at most one request in a while.
 */
final class JwksKeys implements Keys {
    private static final Logger LOG = LoggerFactory.getLogger(JwksKeys.class);
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[\\s,])max-age=(\\d{1,9})(?:$|[\\s,])");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);
    private static final int MAX_UNKNOWN = 1_000;
    private static final int MAX_KEYS = 100;

    /** Where the set is. */
    @FunctionalInterface
    interface Location {
        URI url() throws IOException;
    }

    /** @param number of the fetch that brought it */
    private record Fetched(long number, List<VerificationKey> keys, Instant refreshAt, Instant uselessAt) {}

    private final String issuer;
    private final Location location;
    private final JwksOptions options;
    private final Fetcher fetcher;
    private final Clock clock;
    private final Consumer<VerificationKey> removed;
    private final ReentrantLock fetching = new ReentrantLock();
    private final AtomicBoolean refreshing = new AtomicBoolean();
    /** Names of keys that the set did not have when it was last fetched for their sake, and until when to believe it. */
    private final Cache<String, Instant> unknown = Caffeine.newBuilder()
            .maximumSize(MAX_UNKNOWN)
            .executor(Runnable::run)
            .build();

    private volatile @Nullable Fetched current;
    private volatile @Nullable Instant failedAt;
    private volatile Instant nextForUnknown = Instant.MIN;

    JwksKeys(String issuer, Location location, JwksOptions options, Clock clock, Consumer<VerificationKey> removed) {
        this.issuer = issuer;
        this.location = location;
        this.options = options;
        this.fetcher = options.fetcher();
        this.clock = clock;
        this.removed = removed;
    }

    @Override
    public List<VerificationKey> find(@Nullable String id, SignatureAlgorithm algorithm) {
        Fetched set = usable();
        List<VerificationKey> found = Keys.among(set.keys, id, algorithm);
        if (!found.isEmpty() || id == null || isKnown(set, id)) {
            return found;
        }
        Instant until = unknown.getIfPresent(id);
        if (until != null && clock.instant().isBefore(until)) {
            return List.of();
        }
        return Keys.among(refetchedFor(id, set).keys, id, algorithm);
    }

    /** A key with this name that does not go with the algorithm: another set would not help. */
    private static boolean isKnown(Fetched set, String id) {
        return set.keys.stream().anyMatch(key -> key.id().map(id::equals).orElse(false));
    }

    @Override
    public boolean areCurrent() {
        Fetched set = current;
        if (set == null) {
            return false;
        }
        Instant now = clock.instant();
        if (!now.isBefore(set.refreshAt)) {
            refreshInBackground(now);
        }
        return now.isBefore(set.uselessAt);
    }

    private Fetched usable() {
        if (!areCurrent()) {
            fetchUnless(current);
        }
        Fetched set = current;
        if (set == null || !clock.instant().isBefore(set.uselessAt)) {
            throw unavailable(null);
        }
        return set;
    }

    private Fetched refetchedFor(String id, Fetched before) {
        lock();
        try {
            Fetched now = current;
            if (now != null && now.number != before.number) {
                return now;
            }
            Instant time = clock.instant();
            if (time.isBefore(nextForUnknown)) {
                if (failedAt != null) {
                    throw unavailable(null);
                }
                return before;
            }
            nextForUnknown = time.plus(options.cooldown());
            try {
                Fetched fetched = fetch();
                if (!isKnown(fetched, id)) {
                    unknown.put(id, time.plus(UNKNOWN_FOR));
                }
                return fetched;
            } catch (IOException e) {
                throw unavailable(e);
            }
        } finally {
            fetching.unlock();
        }
    }

    /** Fetches, unless somebody else has done so since. */
    private void fetchUnless(@Nullable Fetched before) {
        lock();
        try {
            Instant failed = failedAt;
            if (numberOf(current) != numberOf(before)
                    || (failed != null && clock.instant().isBefore(failed.plus(options.retry())))) {
                return;
            }
            fetch();
        } catch (IOException e) {
            throw unavailable(e);
        } finally {
            fetching.unlock();
        }
    }

    private static long numberOf(@Nullable Fetched set) {
        return set == null ? 0 : set.number;
    }

    private void lock() {
        try {
            if (!fetching.tryLock(options.deadline().toMillis() * 2, TimeUnit.MILLISECONDS)) {
                throw unavailable(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private void refreshInBackground(Instant now) {
        Instant failed = failedAt;
        boolean tooSoon = failed != null && now.isBefore(failed.plus(options.retry()));
        if (!tooSoon && refreshing.compareAndSet(false, true)) {
            Fetched due = current;
            Thread.ofVirtual().name("mortise-jwks").start(() -> {
                try {
                    fetchUnless(due);
                } catch (VerifierUnavailable e) {
                    LOG.debug("Going on with the last keys of {}", issuer);
                } finally {
                    refreshing.set(false);
                }
            });
        }
    }

    /** With the lock held. */
    private Fetched fetch() throws IOException {
        try {
            Fetcher.Answer answer = fetcher.get(location.url());
            if (answer.status() != 200) {
                throw new IOException("The key set answers with " + answer.status());
            }
            Instant now = clock.instant();
            Duration lifetime = lifetime(answer);
            Fetched fetched = new Fetched(
                    numberOf(current) + 1,
                    keys(answer.body()),
                    now.plus(lifetime.multipliedBy(4).dividedBy(5)),
                    now.plus(options.keepFor()));
            Fetched before = current;
            current = fetched;
            failedAt = null;
            if (before != null) {
                tellRemoved(before, fetched);
            }
            return fetched;
        } catch (IOException e) {
            failedAt = clock.instant();
            LOG.warn("The keys of {} cannot be fetched: {}", issuer, e.getMessage());
            throw e;
        }
    }

    private void tellRemoved(Fetched before, Fetched after) {
        unknown.invalidateAll();
        Set<VerificationKey> left = new HashSet<>(before.keys);
        after.keys.forEach(left::remove);
        left.forEach(removed);
    }

    private List<VerificationKey> keys(byte[] body) throws IOException {
        JsonNode set;
        try {
            set = Json.read(body);
        } catch (Json.InvalidJson e) {
            throw new IOException("The key set is no strict JSON", e);
        }
        JsonNode members = set.get("keys");
        if (members == null || !members.isArray() || members.size() > MAX_KEYS) {
            throw new IOException("The key set has no list of at most " + MAX_KEYS + " keys");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (JsonNode member : members) {
            Optional<PublicJwk> key = PublicJwk.read(member);
            if (key.isPresent()) {
                keys.add(key.get().verificationKey());
            } else {
                LOG.debug("A key of {} is not one to verify with", issuer);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("The key set has no public key for signatures");
        }
        return List.copyOf(keys);
    }

    private Duration lifetime(Fetcher.Answer answer) {
        Matcher age = MAX_AGE.matcher(
                answer.headers().firstValue("Cache-Control").orElse("").toLowerCase(java.util.Locale.ROOT));
        if (!age.find()) {
            return options.lifetime();
        }
        Duration told = Duration.ofSeconds(Long.parseLong(age.group(1)));
        if (told.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return told.compareTo(LONGEST) > 0 ? LONGEST : told;
    }

    private VerifierUnavailable unavailable(@Nullable Exception why) {
        return new VerifierUnavailable("The authorization server", options.retry(), why);
    }
}
