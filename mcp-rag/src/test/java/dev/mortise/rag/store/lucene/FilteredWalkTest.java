package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.util.FixedBitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilteredWalkTest {
    private static final int ENTRIES = 20_000;

    private final Random random = new Random(20261123);

    /** Whatever the order in which they are met. */
    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.1, 0.5, 0.9})
    void goesOnAmongWhatPassesByChance(double share) {
        FixedBitSet passing = new FixedBitSet(ENTRIES);
        for (int entry = 0; entry < ENTRIES; entry++) {
            if (random.nextDouble() < share) {
                passing.set(entry);
            }
        }
        int ended = 0;
        for (int from = 0; from < 1_000; from++) {
            FilteredWalk walk = walk(passing, share, Long.MAX_VALUE);
            for (int i = 0; i < ENTRIES / 2 && !walk.earlyTerminated(); i++) {
                int entry = random.nextInt(ENTRIES);
                assertThat(walk.get(entry)).isEqualTo(passing.get(entry));
            }
            ended += walk.ledNowhere() ? 1 : 0;
        }
        assertThat(ended).isLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.1, 0.5, 0.9})
    void endsSoonWhereNothingPasses(double share) {
        FilteredWalk walk = walk(new FixedBitSet(ENTRIES), share, Long.MAX_VALUE);
        int asked = 0;
        while (!walk.earlyTerminated()) {
            assertThat(walk.get(asked++)).isFalse();
        }
        assertThat(walk.ledNowhere()).isTrue();
        assertThat(asked * share).isBetween(8.0, 10.0);
    }

    /** What was met first, in a cluster of its own, does not count for ever. */
    @Test
    void endsWhereWhatPassesLiesBehind() {
        FixedBitSet passing = new FixedBitSet(ENTRIES);
        passing.set(0, 50);
        FilteredWalk walk = walk(passing, 0.1, Long.MAX_VALUE);
        int asked = 0;
        while (!walk.earlyTerminated()) {
            walk.get(asked++);
        }
        assertThat(asked).isBetween(1_080, 1_100);
    }

    @Test
    void endsWhenItIsLongerThanItMayBe() {
        FixedBitSet passing = new FixedBitSet(ENTRIES);
        passing.set(0, ENTRIES);
        FilteredWalk walk = walk(passing, 0.5, 100);
        walk.incVisitedCount(100);
        assertThat(walk.earlyTerminated()).isFalse();
        assertThat(walk.ledNowhere()).isFalse();
        walk.incVisitedCount(1);
        assertThat(walk.earlyTerminated()).isTrue();
        assertThat(walk.ledNowhere()).isTrue();
    }

    private static FilteredWalk walk(FixedBitSet passing, double share, long mostVisited) {
        return new FilteredWalk(new TopKnnCollector(10, Integer.MAX_VALUE), passing, share / 2, mostVisited);
    }
}
