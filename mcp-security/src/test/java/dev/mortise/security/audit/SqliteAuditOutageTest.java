package dev.mortise.security.audit;

/** Outages, in a SQLite file. */
final class SqliteAuditOutageTest extends AuditOutageContract {
    @Override
    AuditHome newHome() {
        return AuditHome.sqlite(directory);
    }
}
