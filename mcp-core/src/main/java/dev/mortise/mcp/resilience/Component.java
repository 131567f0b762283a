package dev.mortise.mcp.resilience;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Something that has to be started before a server can work, and stopped after it. Immutable.
 *
 * <pre>{@code
 * Component index = Component.named("index").tier(2).optional().dependsOn("database")
 *         .serves("search_*")
 *         .start(index::open)
 *         .stop(index::close)
 *         .build();
 * }</pre>
 */
public final class Component {
    /** What may fail. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    private final String name;
    private final int tier;
    private final boolean required;
    private final Set<String> dependencies;
    private final Set<String> serves;
    private final Step start;
    private final Step stop;
    private final Duration startTimeout;
    private final Duration stopTimeout;

    private Component(Builder builder) {
        this.name = builder.name;
        this.tier = builder.tier;
        this.required = builder.required;
        this.dependencies = Set.copyOf(builder.dependencies);
        this.serves = Set.copyOf(builder.serves);
        this.start = builder.start;
        this.stop = builder.stop;
        this.startTimeout = builder.startTimeout;
        this.stopTimeout = builder.stopTimeout;
    }

    /**
     * Begins a component: required, in tier 1.
     *
     * @param name public: clients learn it when it is down
     */
    public static Builder named(String name) {
        return new Builder(Checks.name(name));
    }

    public String name() {
        return name;
    }

    public int tier() {
        return tier;
    }

    public boolean required() {
        return required;
    }

    public Set<String> dependencies() {
        return dependencies;
    }

    /** Names of tools, with {@code *} for any characters, that cannot work without it. */
    public Set<String> serves() {
        return serves;
    }

    Step start() {
        return start;
    }

    Step stop() {
        return stop;
    }

    Duration startTimeout() {
        return startTimeout;
    }

    Duration stopTimeout() {
        return stopTimeout;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Composes a component. */
    public static final class Builder {
        private final String name;
        private int tier = 1;
        private boolean required = true;
        private final Set<String> dependencies = new LinkedHashSet<>();
        private final Set<String> serves = new LinkedHashSet<>();
        private Step start = () -> {};
        private Step stop = () -> {};
        private Duration startTimeout = Duration.ofSeconds(30);
        private Duration stopTimeout = Duration.ofSeconds(5);

        private Builder(String name) {
            this.name = name;
        }

        /** Lower tiers start first, and stop last. */
        public Builder tier(int newTier) {
            this.tier = newTier;
            return this;
        }

        /** The server runs without it, until it joins. */
        public Builder optional() {
            this.required = false;
            return this;
        }

        /** What has to run before it, in a lower tier or in the same. */
        public Builder dependsOn(String... names) {
            dependencies.addAll(Set.of(names));
            return this;
        }

        /** The tools that are refused while it does not run; see {@link Protection.Builder#fallback} for another way. */
        public Builder serves(String... toolPatterns) {
            serves.addAll(Set.of(toolPatterns));
            return this;
        }

        /** Has to react to an interrupt, or it is left behind when its time is over. */
        public Builder start(Step newStart) {
            this.start = newStart;
            return this;
        }

        /** Called once for each start that succeeded, also for one that did so too late. */
        public Builder stop(Step newStop) {
            this.stop = newStop;
            return this;
        }

        /** 30 seconds unless set. */
        public Builder startTimeout(Duration timeout) {
            this.startTimeout = Checks.positive(timeout, "startTimeout");
            return this;
        }

        /** 5 seconds unless set. */
        public Builder stopTimeout(Duration timeout) {
            this.stopTimeout = Checks.positive(timeout, "stopTimeout");
            return this;
        }

        public Component build() {
            return new Component(this);
        }
    }
}
