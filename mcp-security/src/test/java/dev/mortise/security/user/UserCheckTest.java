package dev.mortise.security.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Caller;
import dev.mortise.security.standing.Standing;
import dev.mortise.security.store.SecurityStores;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of a directory that announces nothing. */
class UserCheckTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Caller ANN = Caller.of("ann").withTenant("acme");

    private final AtomicLong nanos = new AtomicLong();
    private volatile User user = new User("ann", "acme", "Ann", Set.of(), CREATED, null);
    private int asked;

    @Test
    void isBelievedForSoLongAndThenAskedAgain() {
        try (SecurityStores stores = SecurityStores.inMemory()) {
            Standing standing = new Standing(stores.changes(), nanos::get);
            UserCheck check = new UserCheck(
                    (subject, tenant) -> {
                        asked++;
                        return Optional.of(user);
                    },
                    standing,
                    true,
                    Duration.ofSeconds(4),
                    nanos::get);
            standing.look();
            assertThat(check.mayGoOn(ANN)).isTrue();
            user = user.disabled(CREATED);
            nanos.addAndGet(Duration.ofSeconds(4).toNanos() - 1);
            standing.look();
            assertThat(check.mayGoOn(ANN)).as("not announced").isTrue();
            assertThat(asked).isEqualTo(1);
            nanos.addAndGet(1);
            standing.look();
            assertThat(check.mayGoOn(ANN)).isFalse();
            assertThat(asked).isEqualTo(2);
        }
    }
}
