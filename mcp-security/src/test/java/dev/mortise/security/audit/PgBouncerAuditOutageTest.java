package dev.mortise.security.audit;

/** Outages, through a pooler that gives each transaction whatever connection is free. */
final class PgBouncerAuditOutageTest extends AuditOutageContract {
    @Override
    AuditHome newHome() {
        return AuditHome.pgBouncer();
    }
}
