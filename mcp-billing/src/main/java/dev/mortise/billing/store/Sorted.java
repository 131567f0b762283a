package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.store.Draft.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The posts of a batch: those that go onto a page, and the others. Used once, by one thread. */
final class Sorted {
    /** Where it will stand is known when it is carried over. */
    private static final Booking BOOKED = new Booking.Booked(0);

    /** More at once is looked at before it is booked. */
    private static final long MOST = 1_000_000_000_000L;

    private final Batch batch;
    /** For each post its number, if it goes onto the page, or 0. */
    private final long[] numbers;

    private int fresh;

    Sorted(Batch batch, Locks locks) {
        this.batch = batch;
        this.numbers = new long[batch.posts().size()];
        if (batch.posts().stream().anyMatch(Sorted::takesBack)) {
            // What is posted just before may be what it takes back.
            return;
        }
        for (int i = 0; i < numbers.length; i++) {
            if (batch.posts().get(i) instanceof Post.Use use
                    && use.fresh()
                    && use.event().quantity() > 0
                    && use.event().quantity() <= MOST
                    && locks.areOpen(new Pair(use.event().tenant(), use.event().meter()))) {
                numbers[i] = number(use.event());
                fresh += numbers[i] > 0 ? 1 : 0;
            }
        }
        if (fresh < numbers.length) {
            Set<Draft.Key> twice = new HashSet<>();
            for (Post post : others()) {
                if (post instanceof Post.Use use) {
                    twice.add(key(use));
                }
            }
            demote(twice);
        }
    }

    /** Whether it lowers a total, which may not be high enough. */
    static boolean takesBack(Post post) {
        return switch (post) {
            case Post.Use use -> use.event().quantity() < 0;
            case Post.Reverse reverse -> true;
        };
    }

    /** Whether nobody but this batch books it, unless the ledger knows of it. */
    boolean isOwn(Post.Use use) {
        return use.fresh() && number(use.event()) > 0;
    }

    private long number(UsageEvent event) {
        return EventNumber.number(event.id(), batch.replica(), event.meter());
    }

    /** Whether nothing but a page is needed. */
    boolean isAllFresh() {
        return fresh == numbers.length;
    }

    List<Charge> charges() {
        List<Charge> charges = new ArrayList<>(fresh);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0 && batch.posts().get(i) instanceof Post.Use use) {
                charges.add(Charge.of(use, numbers[i]));
            }
        }
        return charges;
    }

    /** Of what goes onto the page. */
    List<Draft.Key> keys() {
        List<Draft.Key> keys = new ArrayList<>(fresh);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0 && batch.posts().get(i) instanceof Post.Use use) {
                keys.add(key(use));
            }
        }
        return keys;
    }

    private static Draft.Key key(Post.Use use) {
        return new Draft.Key(
                use.event().tenant(), use.event().source(), use.event().id(), false);
    }

    /** Others have booked with these ids, or are about to: they do not go onto the page. */
    void demote(Set<Draft.Key> taken) {
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > 0 && batch.posts().get(i) instanceof Post.Use use && taken.contains(key(use))) {
                numbers[i] = 0;
                fresh--;
            }
        }
    }

    /** What does not go onto the page. */
    List<Post> others() {
        if (fresh == 0) {
            return batch.posts();
        }
        List<Post> others = new ArrayList<>(numbers.length - fresh);
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] == 0) {
                others.add(batch.posts().get(i));
            }
        }
        return others;
    }

    /** Whether it has an id that a process made for itself, and may have been booked by that process or for it. */
    boolean isStrange(Draft draft) {
        return !draft.key.reversal()
                && !draft.own
                && EventNumber.of(draft.key.id()).isPresent();
    }

    /** @param ofOthers one for each of {@link #others} */
    List<Booking> bookings(List<Booking> ofOthers) {
        if (fresh == numbers.length) {
            return Collections.nCopies(fresh, BOOKED);
        }
        List<Booking> all = new ArrayList<>(numbers.length);
        Iterator<Booking> others = ofOthers.iterator();
        for (long number : numbers) {
            all.add(number > 0 ? BOOKED : others.next());
        }
        return all;
    }
}
