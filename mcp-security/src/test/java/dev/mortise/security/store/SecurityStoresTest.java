package dev.mortise.security.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.security.access.Approval;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.user.User;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityStoresTest {
    @Nested
    class InMemory extends SecurityStoresContract {
        @Override
        Home open() {
            return new MemoryHome();
        }
    }

    abstract static class Durable extends SecurityStoresContract {
        @Test
        void survivesARestart() throws Exception {
            stores.keys().add(key("a", KeyLimits.BASIC, null, null), now);
            stores.users().add(new User("ann", null, "Ann", Set.of(), now, null));
            stores.revokedCredentials().revoke("token", later.plusSeconds(1_000_000_000));
            stores.access().request(approval("a1", "d1"), 10, now);
            stores.access().decide("a1", Approval.Status.APPROVED, "bob", now, null);
            stores.access().add(grant("g1", "acme", later));
            long position = stores.changes().position();
            home.restart();
            SecurityStores again = home.stores();
            assertThat(again.keys().find("a")).isPresent();
            assertThat(again.users().list(null, null, 10)).hasSize(1);
            assertThat(again.revokedCredentials().isRevoked("token")).isTrue();
            assertThat(again.changes().position()).isEqualTo(position);
            assertThat(again.access().grantsOf("4:acme:ann", now)).hasSize(1);
            assertThat(again.access().use("a1", "call", 1, now)).isTrue();
            assertThat(again.isDurable()).isTrue();
        }
    }

    @Nested
    class InSqlite extends Durable {
        @TempDir
        Path directory;

        @Override
        Home open() {
            return SqlHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends Durable {
        @Override
        Home open() {
            return SqlHome.postgres();
        }
    }

    @Nested
    class ThroughPgBouncer extends Durable {
        @Override
        Home open() {
            return SqlHome.pgBouncer();
        }
    }
}
