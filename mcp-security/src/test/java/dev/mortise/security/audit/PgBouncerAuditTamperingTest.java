package dev.mortise.security.audit;

/** Tampering, through a pooler that gives each transaction whatever connection is free. */
final class PgBouncerAuditTamperingTest extends AuditTamperingContract {
    @Override
    AuditHome newHome() {
        return AuditHome.pgBouncer();
    }
}
