package dev.mortise.security.standing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What may be believed of what was loaded before. */
class StandingTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Log log = new Log();
    private final Standing standing = new Standing(log, nanos::get);

    private static final class Log implements ChangeLog {
        NavigableMap<Long, Change> changes = new TreeMap<>();

        void add(String key) {
            long next = position() + 1;
            changes.put(next, new Change(next, Change.Kind.KEY, key));
        }

        @Override
        public long position() {
            return changes.isEmpty() ? 0 : changes.lastKey();
        }

        @Override
        public List<Change> after(long position, int limit) {
            return changes.tailMap(position, false).values().stream()
                    .limit(limit)
                    .toList();
        }
    }

    private boolean holds(String key, long loadedAt) {
        return standing.holds(Change.Kind.KEY, key, loadedAt);
    }

    @Test
    void believesWhatHasNotChanged() {
        assertThat(holds("a", standing.position())).isFalse();
        log.add("a");
        standing.look();
        long loaded = standing.position();
        assertThat(holds("a", loaded)).isTrue();
        log.add("a");
        standing.look();
        assertThat(holds("a", loaded)).isFalse();
        assertThat(holds("b", loaded)).isTrue();
        nanos.addAndGet(3_000_000_001L);
        assertThat(holds("b", loaded)).isFalse();
    }

    /** A database that was restored, or failed over to a replica that lagged, uses its positions a second time. */
    @Test
    void believesNothingFromBeforeALogThatHasGoneBack() {
        for (int i = 0; i < 10; i++) {
            log.add("other");
        }
        standing.look();
        long before = standing.position();
        assertThat(holds("a", before)).isTrue();
        log.changes = new TreeMap<>(log.changes.headMap(5L));
        log.add("a");
        standing.look();
        standing.look();
        assertThat(holds("a", before)).isFalse();
        long after = standing.position();
        assertThat(holds("a", after)).isTrue();
        log.add("a");
        standing.look();
        assertThat(holds("a", after)).isFalse();
        assertThat(holds("b", after)).isTrue();
        assertThat(holds("b", before)).isFalse();
    }
}
