package dev.mortise.mcp.call;

/** {@link Wording} as it comes. */
enum EnglishWording implements Wording {
    INSTANCE
}
