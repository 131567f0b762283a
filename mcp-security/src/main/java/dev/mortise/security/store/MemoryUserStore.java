package dev.mortise.security.store;

import dev.mortise.security.standing.Change;
import dev.mortise.security.user.User;
import dev.mortise.security.user.UserStore;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Users of one process. */
final class MemoryUserStore implements UserStore {
    private final NavigableMap<String, User> users = new ConcurrentSkipListMap<>();
    private final MemoryChanges changes;

    MemoryUserStore(MemoryChanges changes) {
        this.changes = changes;
    }

    @Override
    public boolean add(User user) {
        boolean added = users.putIfAbsent(user.identity(), user) == null;
        if (added) {
            announce(user.identity());
        }
        return added;
    }

    @Override
    public Optional<User> find(String identity) {
        return Optional.ofNullable(users.get(identity));
    }

    @Override
    public boolean change(String identity, UnaryOperator<User> change) {
        boolean changed = users.computeIfPresent(identity, (same, user) -> change.apply(user)) != null;
        if (changed) {
            announce(identity);
        }
        return changed;
    }

    @Override
    public void announce(String identity) {
        changes.write(Change.Kind.USER, identity);
    }

    @Override
    public List<User> list(@Nullable String tenant, @Nullable String after, int limit) {
        return (after == null ? users : users.tailMap(after, false))
                .values().stream()
                        .filter(user -> tenant == null || tenant.equals(user.tenant()))
                        .limit(limit)
                        .toList();
    }
}
