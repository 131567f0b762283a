package dev.mortise.security.secret;

import java.util.Optional;

/** Where secrets come from: a vault, for example. Called by one thread at a time for each name; may block. */
@FunctionalInterface
public interface SecretSource {
    /**
     * Fetches the value that holds now.
     *
     * @return empty if there is none of this name
     * @throws Exception if it cannot be found out; its message may be logged and must not hold a value
     */
    Optional<Secret> fetch(String name) throws Exception;
}
