/** Who may do what, how often, and proof of it afterwards. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("opens") // Of packages that hold migrations, and no classes.
module dev.mortise.security {
    requires transitive dev.mortise.mcp;
    requires org.slf4j;
    // For what is kept in SQL.
    requires static transitive java.sql;
    // For dev.mortise.security.crypto only.
    requires static com.google.crypto.tink;
    requires com.github.benmanes.caffeine;

    exports dev.mortise.security;
    exports dev.mortise.security.audit;
    exports dev.mortise.security.auth;
    exports dev.mortise.security.crypto;

    // The migrations, which the core reads.
    opens dev.mortise.security.audit.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.audit.sqlite to
            dev.mortise.mcp;
    opens dev.mortise.security.crypto.postgresql to
            dev.mortise.mcp;
    opens dev.mortise.security.crypto.sqlite to
            dev.mortise.mcp;
}
