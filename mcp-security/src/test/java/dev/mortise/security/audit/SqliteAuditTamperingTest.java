package dev.mortise.security.audit;

/** Tampering, in a SQLite file. */
final class SqliteAuditTamperingTest extends AuditTamperingContract {
    @Override
    AuditHome newHome() {
        return AuditHome.sqlite(directory);
    }
}
