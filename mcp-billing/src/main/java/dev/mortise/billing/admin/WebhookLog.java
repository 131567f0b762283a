package dev.mortise.billing.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The webhooks that came from providers of payments, for administrators to look at. Thread-safe. */
@FunctionalInterface
public interface WebhookLog {
    /** For those who have no provider. */
    WebhookLog NONE = (after, limit) -> List.of();

    /** @param state what became of it, in a word of the provider's module */
    record Entry(String id, String provider, String type, Instant receivedAt, String state) {}

    /** @param after the last one of the page before */
    List<Entry> list(@Nullable String after, int limit);
}
