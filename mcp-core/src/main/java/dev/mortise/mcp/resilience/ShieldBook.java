package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.resilience.Shield;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which policies hold for what, and their state. Thread-safe. */
final class ShieldBook {
    private static final Logger LOG = LoggerFactory.getLogger(ShieldBook.class);

    /** Names beyond this share the state of their pattern: tools may be made up by sources, without end. */
    private static final int MOST = 10_000;

    private static final Protection NONE = Protection.builder().build();

    /**
     * What holds for one target.
     *
     * @param declared by the target itself; {@code null} if it declares nothing
     * @param tool that is called; {@code null} where it is none, or is not found
     */
    record Bound(
            @Nullable Protection declared,
            @Nullable Shield shield,
            List<String> needs,
            @Nullable Fallback fallback,
            @Nullable Tool tool) {
        boolean fits(@Nullable Protection attribute, boolean always) {
            return declared == attribute && (shield != null || !always);
        }
    }

    private record Key(Target.Kind kind, String name) {}

    private final List<Matching> patterns;
    private final Needs needs;
    private final Ticker ticker;
    private final FailureListener listener;
    private final Map<Key, Bound> known = new ConcurrentHashMap<>();
    private final Map<Protection, Bound> shared = new ConcurrentHashMap<>();
    private volatile @Nullable RunningServer server;
    private volatile MetricSink sink = MetricSink.none();

    ShieldBook(List<Matching> patterns, Needs needs, Ticker ticker, FailureListener listener) {
        this.patterns = patterns;
        this.needs = needs;
        this.ticker = ticker;
        this.listener = listener;
        patterns.forEach(matching -> needs.check(
                "What fits " + matching.glob(), matching.protection().needs()));
    }

    void serves(RunningServer newServer) {
        if (server != null) {
            throw new IllegalStateException("This Resilience serves another server already: build one for each");
        }
        server = newServer;
    }

    /** @throws IllegalArgumentException if policies hold for it that must not */
    void inspect(Entry entry) {
        Target.Kind kind = switch (entry) {
            case Tool tool -> Target.Kind.TOOL;
            case Resource resource -> Target.Kind.RESOURCE;
            case ResourceTemplate template -> Target.Kind.RESOURCE_TEMPLATE;
            case Prompt prompt -> Target.Kind.PROMPT;
            default -> Target.Kind.NONE;
        };
        Protection protection = find(kind, entry.key(), entry.attributes()).orElse(NONE);
        needs.check(entry.key(), protection.needs());
        if (entry instanceof Tool tool) {
            if (protection.repeats() && !isIdempotent(tool)) {
                throw new IllegalArgumentException("Tool " + tool.key() + " is to be retried or hedged, but does not"
                        + " say that it may run twice: annotate it with idempotent(true) or readOnly(true) if it"
                        + " may, or leave these policies out");
            }
        } else if (protection.fallback().isPresent()) {
            throw new IllegalArgumentException(
                    "The policies of " + entry.key() + " have a fallback, which is for tools");
        }
    }

    private static boolean isIdempotent(Tool tool) {
        ToolAnnotations annotations = tool.definition().annotations();
        return annotations != null && annotations.idempotent();
    }

    private Optional<Protection> find(Target.Kind kind, String name, Attributes attributes) {
        return attributes
                .get(Protection.ATTRIBUTE)
                .or(() -> patterns.stream()
                        .filter(matching -> matching.fits(kind, name))
                        .map(Matching::protection)
                        .findFirst());
    }

    /** @param always whether a shield is needed, because the call has a deadline, for example */
    Bound of(Call call, boolean always) {
        Target target = call.target();
        Key key = new Key(target.kind(), target.name());
        Protection declared = target.attributes().get(Protection.ATTRIBUTE).orElse(null);
        Bound bound = known.get(key);
        return bound != null && bound.fits(declared, always) ? bound : look(call, key, declared, always);
    }

    private Bound look(Call call, Key key, @Nullable Protection declared, boolean always) {
        Protection found =
                find(key.kind(), key.name(), call.target().attributes()).orElse(null);
        // One shield, however many calls come at the same time: they share one breaker, or none would ever open.
        if (key.kind() == Target.Kind.RESOURCE || (known.size() >= MOST && !known.containsKey(key))) {
            return shared.computeIfAbsent(
                    found == null ? NONE : found,
                    protection -> bound(call, key, sharedName(key, declared), declared, protection));
        }
        return known.compute(
                key,
                (same, before) -> before != null && before.fits(declared, always)
                        ? before
                        : bound(call, key, key.name(), declared, found == null && always ? NONE : found));
    }

    /** Names of shields are seen by operators, so not the URI of whichever resource came first, which a client chose. */
    private String sharedName(Key key, @Nullable Protection declared) {
        if (declared != null) {
            return key.name();
        }
        return patterns.stream()
                .filter(matching -> matching.fits(key.kind(), key.name()))
                .map(Matching::glob)
                .findFirst()
                .orElse("others");
    }

    private Bound bound(Call call, Key key, String name, @Nullable Protection declared, @Nullable Protection found) {
        boolean isTool = key.kind() == Target.Kind.TOOL;
        Optional<Tool> tool = isTool ? tool(call.caller(), key.name()) : Optional.empty();
        Set<String> declaredNeeds = found == null ? Set.of() : found.needs();
        List<String> needed = isTool ? needs.of(key.name(), declaredNeeds) : List.copyOf(declaredNeeds);
        if (found == null) {
            return new Bound(declared, null, needed, null, null);
        }
        Protection used = found;
        // Tools that came later were not inspected: better not to repeat than to do something twice.
        if (found.repeats() && isTool && !tool.map(ShieldBook::isIdempotent).orElse(false)) {
            LOG.warn("Tool {} does not say that it may run twice: it is neither retried nor hedged", key.name());
            used = found.once();
        }
        Shield shield = new Shield(name, used, ticker, listener);
        shield.reportTo(sink);
        return new Bound(declared, shield, needed, found.fallback().orElse(null), tool.orElse(null));
    }

    private Optional<Tool> tool(Caller caller, String name) {
        RunningServer running = server;
        return running == null ? Optional.empty() : running.tool(caller, name);
    }

    void reportTo(MetricSink newSink) {
        sink = newSink;
        shields().forEach(shield -> shield.reportTo(newSink));
    }

    List<ProtectionStatus> statuses() {
        return shields().map(Shield::status).toList();
    }

    private Stream<Shield> shields() {
        return Stream.concat(known.values().stream(), shared.values().stream())
                .flatMap(bound -> Stream.ofNullable(bound.shield()));
    }
}
