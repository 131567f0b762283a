package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SqliteAuditLogTest extends AuditLogContract {
    @Override
    AuditHome newHome() {
        return AuditHome.sqlite(directory);
    }

    /** Whatever the host has set: the connection waits for the disk as much as was promised. */
    @ParameterizedTest
    @EnumSource(Durability.class)
    void theDiskIsWaitedForAsPromised(Durability durability) throws Exception {
        home.execute("CREATE TABLE whatever (n integer)");
        SynchronousSqlite source = new SynchronousSqlite(home.dataSource(), durability);
        try (Connection connection = source.getConnection();
                var rows = connection.createStatement().executeQuery("PRAGMA synchronous")) {
            assertThat(rows.getInt(1)).isEqualTo(durability.sqliteLevel());
        }
        try (AuditLog log = builder().durability(durability).migrate()) {
            log.record(Events.event("alice", "acme", "tool"));
        }
        assertThat(home.ask("SELECT count(*) FROM audit_record")).isEqualTo("3");
    }

    @Test
    void whatIsErasedIsNotInTheFileAnyMore() throws Exception {
        AuditLog log = open(builder());
        log.record(Events.event("a-name-that-is-erased", "acme", "tool"));
        log.erase(null, "a-name-that-is-erased", "1");
        log.close();
        byte[] file = java.nio.file.Files.readAllBytes(directory.resolve("audit.db"));
        assertThat(new String(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("a-name-that-is-erased");
    }
}
