/** Who may do what, how often, and proof of it afterwards. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("opens") // What is opened holds SQL, and no classes.
module dev.mortise.security {
    requires transitive dev.mortise.mcp;
    requires com.github.benmanes.caffeine;
    requires jjwt.api;
    requires org.slf4j;
    requires tools.jackson.databind;

    // For what is kept in SQL.
    requires transitive java.sql;

    // For dev.mortise.security.crypto only.
    requires static com.google.crypto.tink;

    exports dev.mortise.security;
    exports dev.mortise.security.access;
    exports dev.mortise.security.admin;
    exports dev.mortise.security.audit;
    exports dev.mortise.security.auth;
    exports dev.mortise.security.crypto;
    exports dev.mortise.security.key;
    exports dev.mortise.security.limit;
    exports dev.mortise.security.replay;
    exports dev.mortise.security.secret;
    exports dev.mortise.security.standing;
    exports dev.mortise.security.store;
    exports dev.mortise.security.token;
    exports dev.mortise.security.user;

    // The migrations, which the core reads.
    opens dev.mortise.security.audit.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.audit.sqlite to
            dev.mortise.mcp;
    opens dev.mortise.security.crypto.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.crypto.sqlite to
            dev.mortise.mcp;
    opens dev.mortise.security.store.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.store.sqlite to
            dev.mortise.mcp;
}
