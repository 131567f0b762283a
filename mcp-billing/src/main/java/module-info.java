/** Count exactly, stop exactly, charge exactly. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("opens") // What is opened holds SQL and Lua, and no classes.
module dev.mortise.billing {
    requires transitive dev.mortise.mcp;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires transitive java.sql;
    requires java.net.http;

    // For dev.mortise.billing.stripe only.
    requires static com.stripe;

    exports dev.mortise.billing;
    exports dev.mortise.billing.admin;
    exports dev.mortise.billing.books;
    exports dev.mortise.billing.credit;
    exports dev.mortise.billing.invoice;
    exports dev.mortise.billing.ledger;
    exports dev.mortise.billing.meter;
    exports dev.mortise.billing.money;
    exports dev.mortise.billing.payment;
    exports dev.mortise.billing.paypal;
    exports dev.mortise.billing.period;
    exports dev.mortise.billing.plan;
    exports dev.mortise.billing.quota;
    exports dev.mortise.billing.quota.redis;
    exports dev.mortise.billing.store;
    exports dev.mortise.billing.stripe;
    exports dev.mortise.billing.subscription;

    // The migrations and scripts, which the core reads.
    opens dev.mortise.billing.books.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.billing.books.sqlite to
            dev.mortise.mcp;
    opens dev.mortise.billing.payment.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.billing.payment.sqlite to
            dev.mortise.mcp;
    opens dev.mortise.billing.quota.redis.lua to
            dev.mortise.mcp;
    opens dev.mortise.billing.store.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.billing.store.sqlite to
            dev.mortise.mcp;
}
