/** Who may do what, how often, and proof of it afterwards. On the seams of the core only. */
@org.jspecify.annotations.NullMarked
module dev.mortise.security {
    requires transitive dev.mortise.mcp;
    requires org.slf4j;

    exports dev.mortise.security;
    exports dev.mortise.security.audit;
    exports dev.mortise.security.auth;
    exports dev.mortise.security.limit;
    exports dev.mortise.security.replay;
    exports dev.mortise.security.secret;
}
