package dev.mortise.security.access;

/** {@link AccessWording} as it comes. */
enum EnglishAccessWording implements AccessWording {
    INSTANCE
}
