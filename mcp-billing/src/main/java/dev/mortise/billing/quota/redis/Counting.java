package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has Redis count a batch, by one script for each slot. Thread-safe. */
final class Counting {
    private final Counters counters;
    private final Gate gate;
    private final KnownWindows windows;

    Counting(Counters counters, Gate gate, KnownWindows windows) {
        this.counters = counters;
        this.gate = gate;
        this.windows = windows;
    }

    /** Whether Redis can answer for the ledger: it adds to a counter, or raises a level. */
    static boolean isPlain(Post post) {
        return post instanceof Post.Use use && use.event().quantity() > 0;
    }

    Optional<Copy> copy(Post post) {
        return post instanceof Post.Use use ? Optional.of(new Copy(use, windows.of(use.event()))) : Optional.empty();
    }

    /**
     * What Redis has counted.
     *
     * @param bookings empty if SQL has to say
     * @param posts what SQL has to get
     * @param kept of which Redis keeps a copy, by shard
     */
    record Counted(
            Optional<List<Booking>> bookings,
            List<Post> posts,
            Map<Integer, List<Copy>> kept,
            List<WindowState> windows) {}

    /** @param spent what the replica gives up of what it holds */
    Counted count(Member now, List<Post> posts, Map<Window, Long> spent) {
        boolean plain = posts.stream().allMatch(Counting::isPlain);
        Map<Integer, List<Copy>> copies = new HashMap<>();
        Map<Integer, List<Integer>> places = new HashMap<>();
        Map<Integer, Map<Window, Long>> units = new HashMap<>();
        Set<Integer> shards = new HashSet<>();
        for (int i = 0; plain && i < posts.size(); i++) {
            Copy copy = copy(posts.get(i)).orElseThrow();
            int shard = Counters.shard(copy.use().event().tenant());
            shards.add(shard);
            copies.computeIfAbsent(shard, one -> new ArrayList<>()).add(copy);
            places.computeIfAbsent(shard, one -> new ArrayList<>()).add(i);
        }
        spent.forEach((window, each) -> {
            int shard = Counters.shard(window.tenant());
            shards.add(shard);
            units.computeIfAbsent(shard, one -> new HashMap<>()).put(window, each);
        });
        Booking[] bookings = new Booking[posts.size()];
        List<WindowState> states = new ArrayList<>();
        Map<Integer, List<Copy>> kept = new HashMap<>();
        boolean complete = plain;
        for (int shard : shards) {
            List<Copy> each = copies.getOrDefault(shard, List.of());
            Optional<Counters.Taken> taken = gate.ask(() -> counters.take(
                    shard, now.id(), now.ttl(), each, units.getOrDefault(shard, Map.of()), System.currentTimeMillis()));
            complete &= taken.isPresent();
            if (taken.isPresent()) {
                now.shards().add(shard);
                states.addAll(taken.get().windows());
                List<Integer> at = places.getOrDefault(shard, List.of());
                for (int i = 0; i < each.size(); i++) {
                    Counters.Seen seen = taken.get().seen().get(i);
                    bookings[at.get(i)] = booking(seen);
                    if (seen != Counters.Seen.CONFLICT) {
                        kept.computeIfAbsent(shard, one -> new ArrayList<>()).add(each.get(i));
                    }
                }
            }
        }
        if (!complete) {
            return new Counted(Optional.empty(), posts, kept, states);
        }
        // What is a conflict here must not get to SQL before what it is in conflict with.
        List<Post> sound = new ArrayList<>(posts.size());
        for (int i = 0; i < bookings.length; i++) {
            if (bookings[i].isKept()) {
                sound.add(posts.get(i));
            }
        }
        return new Counted(Optional.of(List.of(bookings)), sound, kept, states);
    }

    private static Booking booking(Counters.Seen seen) {
        return switch (seen) {
            case NEW -> new Booking.Booked(0);
            case REPEATED -> new Booking.Repeated(0);
            case CONFLICT -> new Booking.Refused(Booking.Reason.CONFLICT);
        };
    }
}
