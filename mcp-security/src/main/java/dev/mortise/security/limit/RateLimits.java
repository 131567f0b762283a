package dev.mortise.security.limit;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a server: of calls, at stage {@code LIMIT}, and of addresses, before anybody is asked who he is. Each
 * request counts, also one that answers a question. Too many are refused with 429, {@code Retry-After},
 * {@code RateLimit} and {@code RateLimit-Policy}, and in words that a model understands. Thread-safe.
 *
 * <pre>{@code
 * RateLimits limits = RateLimits.builder()
 *         .addresses(Rate.perMinute(600).withBurst(100))
 *         .limit(Limit.perCaller("caller", Rate.perMinute(60).withBurst(10), Rate.perDay(5_000)))
 *         .limit(Limit.overall("geocoder", Rate.perSecond(20)).onTools("geocode"))
 *         .shared(RedisRateStore.over(redis))
 *         .build();
 * McpServer server = McpServer.builder("maps", "1.0")
 *         .authenticator(limits.guard(authenticator))
 *         .plugin(limits)
 *         .build();
 * }</pre>
 */
public final class RateLimits implements McpServer.Plugin {
    /** The window of addresses. */
    static final String ADDRESS = "address";

    private final List<Limit> limits;
    private final List<Limit.Window> addresses;
    private final GuardedRates rates;
    private final GuardedRates addressRates;
    private final Map<SecurityLevel, Outage> outages;
    private final Outage headOutage;
    private final LimitAudit audit;

    private RateLimits(Builder builder) {
        this.limits = List.copyOf(builder.limits);
        this.addresses = builder.addresses;
        this.rates = rates(builder, builder.shared);
        this.addressRates = builder.addressesHere ? rates(builder, null) : rates;
        this.outages = Map.copyOf(builder.outages);
        this.headOutage = builder.headOutage;
        this.audit = new LimitAudit(builder.audit, builder.clock, builder.ticker);
    }

    private static GuardedRates rates(Builder builder, @Nullable RateStore shared) {
        return new GuardedRates(
                shared,
                new MemoryRateStore(builder.capacity, builder.ticker),
                builder.patience,
                builder.pause,
                builder.ticker);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** An authenticator that asks another only if the address of the client has not been there too often. */
    public Authenticator guard(Authenticator inner) {
        return addresses.isEmpty() ? inner : new AddressLimit(inner, addresses, addressRates, headOutage);
    }

    @Override
    public void install(McpServerBuilder builder) {
        if (!limits.isEmpty()) {
            builder.intercept(Stage.LIMIT, new LimitInterceptor(limits, rates, outages, audit));
            builder.inspect(this::check);
        }
    }

    private void check(Entry entry) {
        int cost = entry.get(Limit.COST).orElse(1);
        if (cost < 1) {
            throw new IllegalArgumentException(entry.key() + " costs " + cost + ", but everything costs at least 1");
        }
        if (!(entry instanceof Tool)) {
            return;
        }
        for (Limit limit : limits) {
            for (Limit.Window window : limit.windows()) {
                if (limit.mayApply(entry.key()) && cost > window.rate().burst()) {
                    throw new IllegalArgumentException("The tool " + entry.key() + " costs " + cost + ", but the limit "
                            + window.name() + " never gives out more than "
                            + window.rate().burst() + " at once: it could never be called");
                }
            }
        }
    }

    /** What is limited, where it is counted, and what happens when that is gone. Not thread-safe. */
    public static final class Builder {
        private final List<Limit> limits = new ArrayList<>();
        private final Map<SecurityLevel, Outage> outages = new EnumMap<>(SecurityLevel.class);
        private List<Limit.Window> addresses = List.of();
        private Outage headOutage = Outage.local(1);
        private boolean addressesHere;
        private @Nullable RateStore shared;
        private int capacity = 65_536;
        private Duration patience = Duration.ofMillis(100);
        private Duration pause = Duration.ofSeconds(1);
        private AuditTrail audit = AuditTrail.NONE;
        private Clock clock = Clock.systemUTC();
        private Ticker ticker = Ticker.system();

        private Builder() {
            outages.put(SecurityLevel.LOW, Outage.local(1));
            outages.put(SecurityLevel.MEDIUM, Outage.local(1));
            outages.put(SecurityLevel.HIGH, Outage.closed());
            outages.put(SecurityLevel.CRITICAL, Outage.closed());
        }

        /** Adds a limit; no two have the same name. */
        public Builder limit(Limit limit) {
            limits.add(limit);
            return this;
        }

        /**
         * How often one address may send anything, whatever comes of it; an IPv6 address counts by its /64. Behind
         * proxies this needs the container to know which of them to trust.
         */
        public Builder addresses(Rate first, Rate... more) {
            List<Rate> all = new ArrayList<>(Arrays.asList(more));
            all.addFirst(first);
            addresses = all.stream()
                    .map(rate ->
                            new Limit.Window(all.size() == 1 ? ADDRESS : ADDRESS + "-" + RateFields.period(rate), rate))
                    .toList();
            return this;
        }

        /**
         * Each process counts addresses for itself, also where calls are counted together: then a flood of strangers costs no
         * round trips, an address may send as much to each replica, and {@link #onAddressOutage} is never needed.
         */
        public Builder addressesHere() {
            this.addressesHere = true;
            return this;
        }

        /** Where all replicas count together; without one, this process counts alone. */
        public Builder shared(RateStore store) {
            this.shared = store;
            return this;
        }

        /**
         * What happens to calls of this level while the shared store is gone. Unless set, LOW and MEDIUM are limited by
         * each process as if it were alone, HIGH and CRITICAL are refused. What declares no level counts as CRITICAL;
         * what is about no single tool, resource or prompt, such as a list, as LOW.
         */
        public Builder onOutage(SecurityLevel level, Outage outage) {
            outages.put(level, outage);
            return this;
        }

        /** The same for the limit of addresses, where no level is known yet; each process as if it were alone, unless set. */
        public Builder onAddressOutage(Outage outage) {
            this.headOutage = outage;
            return this;
        }

        /** How long a call waits for the shared store, at most; 100 ms unless set. */
        public Builder patience(Duration newPatience) {
            this.patience = positive(newPatience);
            return this;
        }

        /** How long a store that failed three times in a row is left alone; a second unless set. */
        public Builder pause(Duration newPause) {
            this.pause = positive(newPause);
            return this;
        }

        /** How many keys of each window this process keeps apart; 65,536 unless set. */
        public Builder capacity(int keys) {
            this.capacity = keys;
            return this;
        }

        /** Where refusals are taken down: of each key and window one a minute, so that a flood does not flood it, too. */
        public Builder audit(AuditTrail trail) {
            this.audit = trail;
            return this;
        }

        /** Time, for tests. */
        public Builder time(Clock newClock, Ticker newTicker) {
            this.clock = newClock;
            this.ticker = newTicker;
            return this;
        }

        private static Duration positive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A time to wait is more than nothing, not " + duration);
            }
            return duration;
        }

        /** @throws IllegalArgumentException if two windows have the same name, saying which */
        public RateLimits build() {
            Set<String> names = new HashSet<>();
            addresses.forEach(window -> unique(names, window.name()));
            limits.forEach(limit -> limit.windows().forEach(window -> unique(names, window.name())));
            return new RateLimits(this);
        }

        private static void unique(Set<String> names, String name) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("Two limits are named " + name);
            }
        }
    }
}
