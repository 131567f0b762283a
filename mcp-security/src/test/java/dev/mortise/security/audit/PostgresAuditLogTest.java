package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.jdbc.Durability;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresAuditLogTest extends AuditLogContract {
    @Override
    AuditHome newHome() {
        return AuditHome.postgres();
    }

    /** Seen from within the transaction that writes; the session has something else. */
    @ParameterizedTest
    @CsvSource({"BUFFERED, off", "WRITTEN, local"})
    void theLogOfTheServerIsWaitedForAsPromised(Durability durability, String synchronousCommit) throws Exception {
        builder().migrate().close();
        home.execute(
                "CREATE TABLE seen (value text)",
                "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$",
                "ALTER FUNCTION look() SET search_path TO " + home.schema(),
                "CREATE TRIGGER look AFTER INSERT ON audit_block FOR EACH ROW EXECUTE FUNCTION look()");
        try (AuditLog log = builder().durability(durability).migrate()) {
            log.record(Events.event("alice", "acme", "tool"));
        }
        assertThat(home.ask("SELECT string_agg(DISTINCT value, ',') FROM seen")).isEqualTo(synchronousCommit);
    }

    @Test
    void aServerThatNeverWaitsForItsDiskIsNotCalledSynced() throws Exception {
        assertThat(home.ask("SHOW fsync")).as("the server of the tests").isEqualTo("off");
        assertThatThrownBy(() -> builder().durability(Durability.SYNCED).migrate())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fsync is off");
    }

    /** What a pooler hands to the next one, who is somebody else. */
    @Test
    void nothingOfItStaysWithTheConnection() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(home.dataSource());
        config.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (AuditLog log = AuditLog.in(pool, CheckpointSigner.of(keys))
                    .schema(home.schema())
                    .durability(Durability.BUFFERED)
                    .migrate()) {
                log.record(Events.event("alice", "acme", "tool"));
            }
            assertThat(home.ask("SELECT sum(last_sequence - first_sequence + 1) FROM audit_block"))
                    .isEqualTo("3");
            try (Connection connection = pool.getConnection();
                    var rows = connection
                            .createStatement()
                            .executeQuery("SELECT current_setting('synchronous_commit'), current_schema(),"
                                    + " (SELECT count(*) FROM pg_prepared_statements)")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("on");
                assertThat(rows.getString(2)).isEqualTo("public");
                assertThat(rows.getInt(3)).isZero();
            }
        }
    }
}
