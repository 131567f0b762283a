package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.resilience.Overload;
import dev.mortise.mcp.resilience.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The overload limits of a server: each tool and prompt has one of its own, and all resources have one together. If
 * they shared one, a dependency that hangs would take the places of calls that do not need it. The highest that a limit
 * may become is also the most for all of them together. Thread-safe.
 */
public final class OverloadLimits {
    /** The rest shares one: names can come from sources without end. */
    private static final int MOST_LANES = 1_000;

    private static final String REST = "others";

    /** One limit, and whether it has said that it refuses. */
    public static final class Lane {
        private final String name;
        private final AdaptiveLimit limit;
        private final AtomicBoolean shedding = new AtomicBoolean();

        private Lane(String name, AdaptiveLimit limit) {
            this.name = name;
            this.limit = limit;
        }

        /** The tool or prompt, or what stands for several. */
        public String name() {
            return name;
        }

        public int limit() {
            return limit.limit();
        }

        /** True for the first that finds it so. */
        public boolean beginsShedding() {
            return shedding.compareAndSet(false, true);
        }

        /** True for the first that finds room again. */
        public boolean endsShedding() {
            return shedding.get() && limit.inFlight() * 2 < limit.limit() && shedding.compareAndSet(true, false);
        }
    }

    private final Overload config;
    private final Ticker ticker;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    public OverloadLimits(Overload config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
    }

    public Lane lane(Target target) {
        // No tool has a colon in its name.
        String name = switch (target.kind()) {
            case TOOL -> target.name();
            case PROMPT -> "prompt:" + target.name();
            case RESOURCE, RESOURCE_TEMPLATE -> "resources:";
            case NONE -> REST;
        };
        @Nullable Lane known = lanes.get(name);
        if (known != null) {
            return known;
        }
        String used = lanes.size() < MOST_LANES ? name : REST;
        return lanes.computeIfAbsent(used, key -> new Lane(key, new AdaptiveLimit(config, ticker)));
    }

    /** Takes a call in, which has to {@code leave}; false if there are too many. */
    public boolean tryEnter(Lane lane) {
        if (inFlight.incrementAndGet() > config.most()) {
            inFlight.decrementAndGet();
            return false;
        }
        if (lane.limit.tryEnter()) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    /** As {@link AdaptiveLimit#leave()}. */
    public void leave(Lane lane) {
        inFlight.decrementAndGet();
        lane.limit.leave();
    }

    /** As {@link AdaptiveLimit#leave(String, long, boolean)}. */
    public void leave(Lane lane, String kind, long nanos, boolean timedOut) {
        inFlight.decrementAndGet();
        lane.limit.leave(kind, nanos, timedOut);
    }

    /** How many calls may run at once, of all that were called so far. */
    public int limit() {
        int sum = lanes.values().stream().mapToInt(Lane::limit).sum();
        return Math.min(config.most(), sum == 0 ? config.initial() : sum);
    }

    public int inFlight() {
        return inFlight.get();
    }
}
