package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Tenant;
import java.util.List;
import java.util.Map;

/**
 * What each tenant has in one state of the index: what its segments were made with, less what was deleted of them since.
 * Whoever asks has some numbers added up for each segment. Immutable.
 */
record Catalogue(List<Segment> segments) {
    /**
     * Of one segment, by {@link Fields#tenant}.
     *
     * @param made deleted or not
     */
    record Segment(Map<String, Holdings> made, Map<String, Holdings> deleted) {
        Holdings of(Tenant tenant) {
            Holdings sum = new Holdings();
            addTo(sum, Fields.tenant(tenant));
            return sum;
        }

        private void addTo(Holdings sum, String tenant) {
            Holdings then = made.get(tenant);
            if (then != null) {
                sum.add(then, 1);
            }
            Holdings since = deleted.get(tenant);
            if (since != null) {
                sum.add(since, -1);
            }
        }
    }

    Holdings of(Tenant tenant) {
        Holdings sum = new Holdings();
        segments.forEach(segment -> segment.addTo(sum, Fields.tenant(tenant)));
        return sum;
    }
}
