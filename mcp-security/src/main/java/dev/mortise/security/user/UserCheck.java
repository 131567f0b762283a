package dev.mortise.security.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.standing.Change;
import dev.mortise.security.standing.Standing;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows which callers are users, and still welcome, without asking the directory each time. Thread-safe. */
public final class UserCheck implements Standing.Check {
    private static final int REMEMBERED = 100_000;

    private final UserDirectory directory;
    private final Standing standing;
    private final boolean required;
    private final Cache<String, Known> known;

    private record Known(@Nullable User user, long loadedAt) {}

    /**
     * A check against a directory.
     *
     * @param required whether callers whom the directory does not know are refused
     * @param believed how long what it says is believed without a change being announced
     */
    public UserCheck(UserDirectory directory, Standing standing, boolean required, Duration believed) {
        this(directory, standing, required, believed, Ticker.systemTicker());
    }

    UserCheck(UserDirectory directory, Standing standing, boolean required, Duration believed, Ticker ticker) {
        this.directory = directory;
        this.standing = standing;
        this.required = required;
        this.known = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(believed)
                .ticker(ticker)
                .build();
        standing.check(this);
    }

    @Override
    public boolean mayGoOn(Caller caller) {
        return find(caller).map(user -> !user.isDisabled()).orElse(!required);
    }

    /** The user that a caller is; empty if the directory does not know any. */
    public Optional<User> find(Caller caller) {
        String identity = caller.identity();
        Known remembered = known.getIfPresent(identity);
        if (remembered != null && standing.holds(Change.Kind.USER, identity, remembered.loadedAt())) {
            return Optional.ofNullable(remembered.user());
        }
        long position = standing.position();
        Optional<User> user = asked(caller);
        known.put(identity, new Known(user.orElse(null), position));
        return user;
    }

    /** However a directory of a team's own breaks: nobody is let in, and nobody is told that they did something wrong. */
    private Optional<User> asked(Caller caller) {
        try {
            return directory.find(caller.subject(), caller.tenant().orElse(null));
        } catch (StoreUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StoreUnavailable("The directory of users does not answer", e);
        }
    }
}
