package dev.mortise.security.user;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows users. Teams that have their own directory implement this, and announce what changes in it to {@link
 * Users#announce}. Called from many threads; it may block. If it throws, callers are refused.
 */
@FunctionalInterface
public interface UserDirectory {
    Optional<User> find(String subject, @Nullable String tenant);
}
