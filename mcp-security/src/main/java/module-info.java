/** Who may do what, how often, and proof of it afterwards. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("opens") // what is opened holds SQL, and no classes
module dev.mortise.security {
    requires transitive dev.mortise.mcp;
    requires transitive java.sql;
    requires com.github.benmanes.caffeine;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports dev.mortise.security;
    exports dev.mortise.security.access;
    exports dev.mortise.security.admin;
    exports dev.mortise.security.audit;
    exports dev.mortise.security.auth;
    exports dev.mortise.security.key;
    exports dev.mortise.security.standing;
    exports dev.mortise.security.store;
    exports dev.mortise.security.user;

    // The core reads the migrations.
    opens dev.mortise.security.store.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.store.sqlite to
            dev.mortise.mcp;
}
