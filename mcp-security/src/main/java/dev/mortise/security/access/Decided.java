package dev.mortise.security.access;

import dev.mortise.mcp.call.Attribute;

/** Marks a call whose decision is in the audit log already. */
enum Decided {
    RECORDED;

    static final Attribute<Decided> ATTRIBUTE = Attribute.of("dev.mortise.security.access.decided", Decided.class);
}
