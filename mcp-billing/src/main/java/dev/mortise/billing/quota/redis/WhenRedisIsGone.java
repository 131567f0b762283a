package dev.mortise.billing.quota.redis;

/** What a replica does while Redis does not answer. */
public enum WhenRedisIsGone {
    /** It leases units from SQL, and waits for SQL when it books, as it would without Redis. */
    SQL,
    /**
     * It gives units out by what it last knew, and books in memory: what SQL has not got by then is lost if this process
     * dies, and several replicas together may give out more than there is.
     */
    LOCAL
}
