package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    private static final int LIMIT = 10;

    /** What passes of how many, with how many in view: for vectors of 384 numbers. */
    @ParameterizedTest
    @CsvSource({
        "0, 100000, 64, NOTHING",
        "10, 100000, 64, EXACT",
        "260, 100000, 64, EXACT",
        "1000, 100000, 64, SCAN",
        "10000, 100000, 64, SCAN",
        "20000, 100000, 64, SCAN",
        "50000, 100000, 64, WALK",
        "100000, 100000, 64, WALK",
        "100000, 1000000, 64, SCAN",
        "200000, 1000000, 64, WALK",
        "10000, 1000000, 64, SCAN",
        "1000000, 1000000, 400, WALK",
        "2500, 5000, 64, SCAN",
        "10000, 100000, 10, SCAN",
        "20000, 100000, 10, WALK",
        "5000, 5000, 10, WALK",
    })
    void takesWhatCostsLeast(int passing, int vectors, int beam, Plan plan) {
        assertThat(Plan.of(passing, vectors, 384, LIMIT, beam, true)).isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource({"1000, SCAN", "4000, SCAN", "4000000, SCAN", "200, EXACT"})
    void walksNowhereWithoutAGraph(int vectors, Plan plan) {
        assertThat(Plan.of(vectors, vectors, 384, LIMIT, 64, false)).isEqualTo(plan);
    }

    /** A walk has to pass by more, the less passes, and is given its time. */
    @ParameterizedTest
    @CsvSource({"10000, 64", "10000, 10"})
    void givesAWalkLongerTheLessPasses(int passing, int beam) {
        assertThat(Plan.mostVisited(passing, 100_000, 384, LIMIT, beam))
                .isGreaterThan((long) beam * 100_000 / passing)
                .isLessThan(Plan.mostVisited(passing / 2, 100_000, 384, LIMIT, beam));
    }

    /** Half of a million: where fewer pass near what is asked for, a walk is longer, and still much shorter than a scan. */
    @Test
    void givesAWalkTheTimeOfTheScanThatItSpares() {
        assertThat(Plan.mostVisited(500_000, 1_000_000, 384, LIMIT, 64)).isGreaterThan(50_000);
        assertThat(Plan.leastShare(500_000, 1_000_000, 384, LIMIT, 64)).isLessThan(0.02);
        assertThat(Plan.leastShare(10_000, 100_000, 384, LIMIT, 64)).isEqualTo(0.05);
    }
}
