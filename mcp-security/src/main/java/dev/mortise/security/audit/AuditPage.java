package dev.mortise.security.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found, the latest first.
 *
 * @param next for {@link AuditQuery#after}; {@code null} at the end
 */
public record AuditPage(List<Item> items, @Nullable String next) {
    public AuditPage {
        items = List.copyOf(items);
    }

    /**
     * A record and its place.
     *
     * @param sequence in the stream, from 1
     * @param event as it was taken down, to the millisecond; what was erased is missing in it
     * @param erased whether something was
     */
    public record Item(String stream, long sequence, AuditEvent event, boolean erased) {}
}
