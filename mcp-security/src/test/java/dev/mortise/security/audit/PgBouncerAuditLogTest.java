package dev.mortise.security.audit;

/** The log writes through a pooler that gives each transaction whatever connection is free. */
class PgBouncerAuditLogTest extends AuditLogContract {
    @Override
    AuditHome newHome() {
        return AuditHome.pgBouncer();
    }
}
