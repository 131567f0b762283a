package dev.mortise.security.audit;

/** Tampering, in PostgreSQL. */
final class PostgresAuditTamperingTest extends AuditTamperingContract {
    @Override
    AuditHome newHome() {
        return AuditHome.postgres();
    }
}
