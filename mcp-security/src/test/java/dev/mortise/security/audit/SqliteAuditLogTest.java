package dev.mortise.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqliteAuditLogTest extends AuditLogContract {
    @Override
    AuditHome newHome() {
        return AuditHome.sqlite(directory);
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

    /** A block fills some of them. */
    @Test
    void aNewFileHasLargePages() throws Exception {
        open(builder());
        assertThat(home.ask("PRAGMA page_size")).isEqualTo("16384");
    }
}
