package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Whether PostgreSQL keeps statements by a name, which poolers in transaction mode may not know. */
@Timeout(60)
class NamedStatementsTest {
    @Test
    void thereAreNoneWhereTheHostHasSaidNothing() throws Exception {
        assertThat(namesAfterTenUses(server())).isZero();
    }

    @Test
    void thereAreSomeWhereTheHostWantsThem() throws Exception {
        PGSimpleDataSource server = server();
        server.setPrepareThreshold(3);
        assertThat(namesAfterTenUses(server)).isPositive();
    }

    private static PGSimpleDataSource server() {
        return (PGSimpleDataSource) SharedServers.postgres().dataSource();
    }

    /** By a pool of one connection, which gets it back as it was given. */
    private static long namesAfterTenUses(PGSimpleDataSource server) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server);
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config);
                Database database = Database.of(pool, null, Duration.ofSeconds(20))) {
            for (int i = 0; i < 10; i++) {
                int n = i;
                long sum = database.read("Asking", connection -> Sql.number(connection, "SELECT 40 + ?", n));
                assertThat(sum).isEqualTo(40 + n);
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold())
                        .isEqualTo(server.getPrepareThreshold());
                return Sql.number(
                        connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 40%'");
            }
        }
    }
}
