package dev.mortise.security.user;

import dev.mortise.security.internal.caller.ReservedCallers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A small user service. Whoever is disabled is out on every replica within five seconds: with every credential, and with
 * whatever is still open. Thread-safe.
 */
public final class Users implements UserDirectory {
    private final UserStore store;
    private final Clock clock;

    public Users(UserStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Makes a user known.
     *
     * @throws IllegalArgumentException if there is this user already, a value is too long, or the subject is one that anonymous
     *     callers or the local process have
     */
    public User create(String subject, @Nullable String tenant, String name, Set<String> roles) {
        ReservedCallers.refuse(subject, tenant);
        User user = new User(subject, tenant, name, roles, Instant.ofEpochMilli(clock.millis()), null);
        if (!store.add(user)) {
            throw new IllegalArgumentException("There is a user " + subject + " already");
        }
        return user;
    }

    /** Lets a user do nothing any more; false if there is none. */
    public boolean disable(String subject, @Nullable String tenant) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        return change(subject, tenant, user -> user.isDisabled() ? user : user.disabled(now));
    }

    public boolean enable(String subject, @Nullable String tenant) {
        return change(subject, tenant, user -> user.disabled(null));
    }

    /** Gives a user these roles and no others; false if there is no such user. */
    public boolean assign(String subject, @Nullable String tenant, Set<String> roles) {
        return change(subject, tenant, user -> user.withRoles(roles));
    }

    private boolean change(String subject, @Nullable String tenant, UnaryOperator<User> change) {
        return store.change(User.identity(subject, tenant), change);
    }

    @Override
    public Optional<User> find(String subject, @Nullable String tenant) {
        return store.find(User.identity(subject, tenant));
    }

    /** As {@link UserStore#list}. */
    public List<User> list(@Nullable String tenant, @Nullable String after, int limit) {
        return store.list(tenant, after, limit);
    }

    /** Tells all replicas that a user of another directory has changed: what is remembered of them is asked for anew. */
    public void announce(String subject, @Nullable String tenant) {
        store.announce(User.identity(subject, tenant));
    }
}
