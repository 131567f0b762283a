package dev.mortise.examples.production.account;

import dev.mortise.mcp.json.Description;
import dev.mortise.security.key.StoredKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API key as it may be shown. */
public record KeyView(
        String id,
        String label,
        String subject,
        @Nullable String tenant,

        @Description("The highest level of tools that it is good for")
        String reach,

        List<String> scopes,
        String createdAt,
        @Nullable String lastUsedAt,
        @Nullable String expiresAt,
        @Nullable String revokedAt) {
    public static KeyView of(StoredKey key) {
        return new KeyView(
                key.id(),
                key.label(),
                key.subject(),
                key.tenant(),
                key.limits().reach().name(),
                key.limits().scopes().stream().sorted().toList(),
                key.createdAt().toString(),
                text(key.lastUsedAt()),
                text(key.limits().expiresAt()),
                text(key.revokedAt()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
