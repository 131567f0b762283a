package dev.mortise.mcp.call;

/** What a {@link Policy} says of one caller and one target. */
public sealed interface Decision {
    /** The caller may use it, and sees it in lists. */
    record Allow() implements Decision {}

    /** The caller sees it in lists; using it takes something more, which the refusal names. */
    record Challenge(Refusal refusal) implements Decision {}

    /** To this caller it does not exist. */
    record Deny() implements Decision {}

    Decision ALLOW = new Allow();
    Decision DENY = new Deny();
}
