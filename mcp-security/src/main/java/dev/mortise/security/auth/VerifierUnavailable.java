package dev.mortise.security.auth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A credential can neither be accepted nor refused, because what that depends on does not answer. The request is
 * refused with 503 and {@code Retry-After}: a 401 would make clients throw good tokens away.
 */
public final class VerifierUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String dependency;
    private final Duration retryAfter;

    /**
     * @param dependency a public name, never an address: {@code The authorization server}
     * @param retryAfter when it makes sense to try again
     */
    public VerifierUnavailable(String dependency, Duration retryAfter, @Nullable Throwable cause) {
        super(dependency + " is unavailable", cause);
        this.dependency = dependency;
        this.retryAfter = retryAfter;
    }

    public String dependency() {
        return dependency;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
