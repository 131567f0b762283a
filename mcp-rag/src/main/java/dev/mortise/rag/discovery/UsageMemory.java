package dev.mortise.rag.discovery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.schema.CallToolResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Learns which entry was used after which request: what a caller calls soon after finding it was worth finding. It
 * remembers single words by tenant, and nothing of who asked; a tenant's memory changes that tenant's ranking and no
 * other's. Callers without a tenant have a memory each, and strangers have none: they could teach each other nonsense.
 * Everything is bounded, fades, and ends with the process.
 */
final class UsageMemory implements Interceptor {
    /** @param name of the entry */
    record Key(Target.Kind kind, String name) {}

    /** @param uses whether a call of this name is a use of the entry: a template is used by the URIs that fit it */
    record Candidate(Key key, Predicate<Key> uses) {}

    /** What a tenant remembers, seen by one request. */
    interface View {
        /** 0 to 1: how much the requests after which an entry was used were like this one. */
        double share(Target.Kind kind, String name);
    }

    private static final Duration SOON = Duration.ofMinutes(10);
    private static final int TENANTS = 1_000;
    private static final int CALLERS = 10_000;
    private static final int FINDS = 4;
    private static final int ENTRIES = 500;
    private static final int WORDS = 64;

    /** So many uses, and a word counts in full; more of them make it last longer, up to a bound. */
    private static final double FULL = 2;

    private static final double HEAVIEST = 8;

    private record Find(Set<String> words, List<Candidate> unused, Instant at) {}

    private record Lesson(Key key, Set<String> words) {}

    private record Weight(double value, Instant at) {}

    private final Duration halfLife;
    private final Clock clock;
    private final Cache<String, Shelf> shelves =
            Caffeine.newBuilder().maximumSize(TENANTS).build();
    private final Cache<String, Recent> recent =
            Caffeine.newBuilder().maximumSize(CALLERS).build();

    UsageMemory(Duration halfLife, Clock clock) {
        this.halfLife = halfLife;
        this.clock = clock;
    }

    /** Whose memory it is; empty for those who have none. */
    private static Optional<String> owner(Caller caller) {
        if (caller.tenant().isPresent()) {
            return Optional.of("tenant " + caller.tenant().get());
        }
        // By its name: an authenticator may have noted something about whom it does not know.
        boolean stranger = caller.identity().equals(Caller.anonymous().identity());
        return stranger ? Optional.empty() : Optional.of("caller " + caller.identity());
    }

    private static Set<String> words(Request request) {
        Set<String> words = new HashSet<>();
        request.units().forEach(unit -> words.addAll(unit.terms()));
        return words;
    }

    /** Takes note of what a caller has found. */
    void found(Caller caller, Request request, List<Candidate> entries) {
        if (owner(caller).isEmpty() || entries.isEmpty()) {
            return;
        }
        Set<String> words = words(request).stream().limit(WORDS).collect(Collectors.toSet());
        recent.get(caller.identity(), none -> new Recent())
                .add(new Find(words, new ArrayList<>(entries), clock.instant()));
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        Outcome outcome = chain.proceed(call);
        Target target = call.target();
        if (target.kind() != Target.Kind.NONE && isUse(call.method()) && isGood(outcome)) {
            used(call.caller(), new Key(target.kind(), target.name()));
        }
        return outcome;
    }

    private static boolean isUse(String method) {
        return method.equals("tools/call") || method.equals("resources/read") || method.equals("prompts/get");
    }

    private static boolean isGood(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete complete ->
                !(complete.result() instanceof CallToolResult result) || !result.isError();
            case Outcome.Extended extended -> true;
            case Outcome.InputRequired asks -> false;
            case Outcome.Refused refused -> false;
        };
    }

    private void used(Caller caller, Key key) {
        Recent finds = recent.getIfPresent(caller.identity());
        Optional<String> owner = owner(caller);
        if (finds == null || owner.isEmpty()) {
            return;
        }
        finds.take(key, clock.instant().minus(SOON))
                .ifPresent(
                        lesson -> shelves.get(owner.get(), none -> new Shelf()).learn(lesson.key(), lesson.words()));
    }

    View view(Caller caller, Request request) {
        Shelf shelf = owner(caller).map(shelves::getIfPresent).orElse(null);
        Set<String> words = words(request);
        if (shelf == null || words.isEmpty()) {
            return (kind, name) -> 0;
        }
        Map<Key, Double> shares = shelf.shares(words);
        return (kind, name) -> shares.getOrDefault(new Key(kind, name), 0.0);
    }

    private double now(Weight weight, Instant now) {
        double halves = (double) Duration.between(weight.at(), now).toMillis() / halfLife.toMillis();
        return weight.value() * Math.pow(0.5, Math.max(0, halves));
    }

    /** What one caller has found lately. */
    private static final class Recent {
        private final ReentrantLock lock = new ReentrantLock();
        private final Deque<Find> finds = new ArrayDeque<>();

        void add(Find find) {
            lock.lock();
            try {
                finds.addFirst(find);
                while (finds.size() > FINDS) {
                    finds.removeLast();
                }
            } finally {
                lock.unlock();
            }
        }

        /** What a use teaches. Each find counts once for an entry, however often it is used. */
        Optional<Lesson> take(Key used, Instant since) {
            lock.lock();
            try {
                for (Iterator<Find> each = finds.iterator(); each.hasNext(); ) {
                    Find find = each.next();
                    if (find.at().isBefore(since)) {
                        each.remove();
                        continue;
                    }
                    Optional<Candidate> meant = find.unused().stream()
                            .filter(candidate -> candidate.uses().test(used))
                            .findFirst();
                    if (meant.isPresent()) {
                        find.unused().remove(meant.get());
                        return Optional.of(new Lesson(meant.get().key(), find.words()));
                    }
                }
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }
    }

    /** What one tenant has learned. */
    private final class Shelf {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Key, Map<String, Weight>> entries = new LinkedHashMap<>(16, 0.75f, true);

        void learn(Key key, Set<String> words) {
            Instant now = clock.instant();
            lock.lock();
            try {
                Map<String, Weight> known = entries.computeIfAbsent(key, none -> new HashMap<>());
                for (String word : words) {
                    Weight before = known.get(word);
                    double value = before == null ? 0 : now(before, now);
                    known.put(word, new Weight(Math.min(HEAVIEST, value + 1), now));
                }
                while (known.size() > WORDS) {
                    known.entrySet().stream()
                            .min((a, b) -> Double.compare(now(a.getValue(), now), now(b.getValue(), now)))
                            .ifPresent(least -> known.remove(least.getKey()));
                }
                if (entries.size() > ENTRIES) {
                    entries.remove(entries.keySet().iterator().next());
                }
            } finally {
                lock.unlock();
            }
        }

        Map<Key, Double> shares(Set<String> words) {
            Instant now = clock.instant();
            Map<Key, Double> shares = new HashMap<>();
            lock.lock();
            try {
                entries.forEach((key, known) -> {
                    double sum = 0;
                    for (String word : words) {
                        Weight weight = known.get(word);
                        sum += weight == null ? 0 : Math.min(1, now(weight, now) / FULL);
                    }
                    if (sum > 0) {
                        shares.put(key, sum / words.size());
                    }
                });
            } finally {
                lock.unlock();
            }
            return shares;
        }
    }
}
