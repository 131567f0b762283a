package dev.mortise.security.user;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where users are kept. Every change is in the {@linkplain dev.mortise.security.standing.ChangeLog log} once it is made.
 * Thread-safe; it may block. Every
 * method throws {@link dev.mortise.mcp.store.StoreUnavailable} if the store does not answer.
 */
public interface UserStore {
    /** Adds a user; false if there is one with this subject and tenant. */
    boolean add(User user);

    Optional<User> find(String identity);

    /**
     * Changes the roles and the state of a user, one change after the other.
     *
     * @param change may be called more than once
     * @return false if there is no such user
     */
    boolean change(String identity, UnaryOperator<User> change);

    /** Tells all replicas that something about a user has changed elsewhere. */
    void announce(String identity);

    /**
     * Users in the order of their identities.
     *
     * @param tenant {@code null} for those of all tenants
     * @param after the identity that the stretch begins behind; {@code null}: at the start
     */
    List<User> list(@Nullable String tenant, @Nullable String after, int limit);
}
