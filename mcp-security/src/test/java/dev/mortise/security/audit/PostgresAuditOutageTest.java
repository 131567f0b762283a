package dev.mortise.security.audit;

/** Outages, in PostgreSQL. */
final class PostgresAuditOutageTest extends AuditOutageContract {
    @Override
    AuditHome newHome() {
        return AuditHome.postgres();
    }
}
