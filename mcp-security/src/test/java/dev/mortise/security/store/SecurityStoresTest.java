package dev.mortise.security.store;

import static org.assertj.core.api.Assertions.assertThat;

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
            long position = stores.changes().position();
            home.restart();
            SecurityStores again = home.stores();
            assertThat(again.keys().find("a")).isPresent();
            assertThat(again.users().list(null, null, 10)).hasSize(1);
            assertThat(again.revokedCredentials().isRevoked("token")).isTrue();
            assertThat(again.changes().position()).isEqualTo(position);
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
}
