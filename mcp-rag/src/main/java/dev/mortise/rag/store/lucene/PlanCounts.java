package dev.mortise.rag.store.lucene;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How often segments were searched in which way. Thread-safe. */
final class PlanCounts {
    private final Map<Plan, LongAdder> counts = new EnumMap<>(Plan.class);

    PlanCounts() {
        for (Plan plan : Plan.values()) {
            counts.put(plan, new LongAdder());
        }
    }

    void count(Plan plan) {
        adder(plan).increment();
    }

    long of(Plan plan) {
        return adder(plan).sum();
    }

    private LongAdder adder(Plan plan) {
        return Objects.requireNonNull(counts.get(plan));
    }
}
