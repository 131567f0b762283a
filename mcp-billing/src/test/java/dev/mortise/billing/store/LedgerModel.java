package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Booking.Reason;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a ledger should say, as simply as it can be said. */
final class LedgerModel {
    /** What came of a post: refused with a reason, or booked, or booked before. */
    record Result(@Nullable Reason refused, boolean repeated) {
        static Result of(Booking booking) {
            return switch (booking) {
                case Booking.Booked booked -> new Result(null, false);
                case Booking.Repeated again -> new Result(null, true);
                case Booking.Refused refused -> new Result(refused.reason(), false);
            };
        }

        private Result again() {
            return refused == null ? new Result(null, true) : this;
        }
    }

    private record Key(String tenant, String id, boolean reversal) {}

    record Entry(String meter, long change, long at, String item) {
        static Entry of(LedgerEntry entry) {
            return new Entry(entry.meter(), entry.quantity(), entry.at().toEpochMilli(), entry.item());
        }

        private Entry reversed() {
            return new Entry(meter, -change, at, item);
        }
    }

    private record First(Entry entry, Result result) {}

    private final Map<Key, Entry> entries = new HashMap<>();

    List<Result> append(List<Post> posts) {
        Map<Key, Entry> before = Map.copyOf(entries);
        Map<Key, First> first = new HashMap<>();
        List<Result> results = new ArrayList<>();
        for (Post post : posts) {
            Key key = key(post);
            Optional<Entry> wanted = wanted(post, before, first);
            if (wanted.isEmpty()) {
                results.add(new Result(Reason.UNKNOWN_ENTRY, false));
                continue;
            }
            First earlier = first.get(key);
            if (earlier == null) {
                Result result = decide(key, wanted.get());
                first.put(key, new First(wanted.get(), result));
                results.add(result);
            } else if (earlier.entry().equals(wanted.get())) {
                results.add(earlier.result().again());
            } else {
                results.add(new Result(Reason.CONFLICT, false));
            }
        }
        return results;
    }

    private static Key key(Post post) {
        return switch (post) {
            case Post.Use use -> new Key(use.event().tenant(), use.event().id(), false);
            case Post.Reverse reverse -> new Key(reverse.tenant(), reverse.id(), true);
        };
    }

    /** Empty if there is nothing to take back. */
    private static Optional<Entry> wanted(Post post, Map<Key, Entry> before, Map<Key, First> first) {
        return switch (post) {
            case Post.Use use -> {
                UsageEvent event = use.event();
                yield Optional.of(
                        new Entry(event.meter(), event.quantity(), event.at().toEpochMilli(), event.item()));
            }
            case Post.Reverse reverse -> {
                Key original = new Key(reverse.tenant(), reverse.id(), false);
                Entry known = before.get(original);
                First now = first.get(original);
                if (known == null && now != null && now.result().refused() == null) {
                    known = now.entry();
                }
                yield Optional.ofNullable(known).map(Entry::reversed);
            }
        };
    }

    private Result decide(Key key, Entry entry) {
        Entry known = entries.get(key);
        if (known != null) {
            return known.equals(entry) ? new Result(null, true) : new Result(Reason.CONFLICT, false);
        }
        if (entry.change() < 0 && balance(key.tenant(), entry.meter()) + entry.change() < 0) {
            return new Result(Reason.BELOW_ZERO, false);
        }
        entries.put(key, entry);
        return new Result(null, false);
    }

    long balance(String tenant, String meter) {
        return used(tenant, meter, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    long used(String tenant, String meter, long from, long to) {
        return entries.entrySet().stream()
                .filter(each -> each.getKey().tenant().equals(tenant))
                .map(Map.Entry::getValue)
                .filter(entry -> entry.meter().equals(meter) && entry.at() >= from && entry.at() < to)
                .mapToLong(Entry::change)
                .sum();
    }

    List<Entry> entries(String tenant, String meter) {
        return entries.entrySet().stream()
                .filter(each -> each.getKey().tenant().equals(tenant))
                .map(Map.Entry::getValue)
                .filter(entry -> Objects.equals(entry.meter(), meter))
                .toList();
    }
}
