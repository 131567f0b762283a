package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All sources of one kind of entry as one list, in the order of the keys, as far as a caller may see it. */
final class Catalogue<T extends Entry> {
    /** A stretch of the list, and whether there is more behind it. */
    record Page<T>(List<T> entries, boolean more) {}

    private final Target.Kind kind;
    private final List<Source<T>> sources;
    private final Visibility visibility;

    /** @param sources where two have the same key, the first of those that the caller may see: what is hidden shadows nothing */
    Catalogue(Target.Kind kind, List<Source<T>> sources, Visibility visibility) {
        this.kind = kind;
        this.sources = List.copyOf(sources);
        this.visibility = visibility;
    }

    /** What the caller may see of this key, else what is hidden: whoever holds the call to the policy says why. */
    Optional<T> find(Caller caller, String key) {
        if (sources.size() == 1) {
            return sources.get(0).find(caller, key);
        }
        Optional<T> hidden = Optional.empty();
        for (Source<T> source : sources) {
            Optional<T> found = source.find(caller, key);
            if (found.isPresent() && mayBeSeen(caller, found.get())) {
                return found;
            }
            hidden = hidden.or(() -> found);
        }
        return hidden;
    }

    /** As far as the caller may see it. */
    Page<T> page(Caller caller, @Nullable String after, int size) {
        return page(caller, after, size, entry -> mayBeSeen(caller, entry));
    }

    /** Also what the policy hides: for whoever decides about it. */
    Page<T> wholePage(Caller caller, @Nullable String after, int size) {
        return page(caller, after, size, entry -> true);
    }

    private Page<T> page(Caller caller, @Nullable String after, int size, Predicate<T> isVisible) {
        List<T> visible = new ArrayList<>();
        String position = after;
        while (visible.size() <= size) {
            List<T> stretch = merged(caller, position, size + 1, isVisible);
            for (T entry : stretch) {
                if (visible.size() <= size && isVisible.test(entry)) {
                    visible.add(entry);
                }
            }
            if (stretch.size() <= size) {
                break;
            }
            position = stretch.get(stretch.size() - 1).key();
        }
        boolean more = visible.size() > size;
        return new Page<>(more ? List.copyOf(visible.subList(0, size)) : visible, more);
    }

    boolean mayBeSeen(Caller caller, T entry) {
        return !(visibility.decide(caller, Target.of(kind, entry.key(), entry.attributes())) instanceof Decision.Deny);
    }

    private List<T> merged(Caller caller, @Nullable String after, int limit, Predicate<T> isVisible) {
        if (sources.size() == 1) {
            return sources.get(0).list(caller, after, limit);
        }
        Map<String, T> byKey = new LinkedHashMap<>();
        for (Source<T> source : sources) {
            for (T entry : source.list(caller, after, limit)) {
                byKey.merge(entry.key(), entry, (first, second) -> isVisible.test(first) ? first : second);
            }
        }
        return byKey.values().stream()
                .sorted(Comparator.comparing(Entry::key))
                .limit(limit)
                .toList();
    }
}
