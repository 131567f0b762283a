package dev.mortise.security.audit;

/** Takes down what happened. Thread-safe. */
@FunctionalInterface
public interface AuditTrail {
    /** Takes nothing down; for development. */
    AuditTrail NONE = event -> {};

    /**
     * Takes an event down. When this returns, it is as durable as the trail promises.
     *
     * @throws AuditUnavailable if it could not be taken down, and what it is about must therefore be refused. Whether it
     *     must, the trail decides, by the level of the event: {@link WhenUnavailable}
     */
    void record(AuditEvent event);
}
