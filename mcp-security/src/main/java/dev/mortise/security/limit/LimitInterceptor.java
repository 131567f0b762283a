package dev.mortise.security.limit;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.security.SecurityLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Lets a call pass if it fits into every limit that it is under. */
final class LimitInterceptor implements Interceptor {
    private final List<Limit> limits;
    private final GuardedRates rates;
    private final Map<SecurityLevel, Outage> outages;
    private final LimitAudit audit;

    LimitInterceptor(List<Limit> limits, GuardedRates rates, Map<SecurityLevel, Outage> outages, LimitAudit audit) {
        this.limits = limits;
        this.rates = rates;
        this.outages = outages;
        this.audit = audit;
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        List<RateStore.Charge> charges = charges(call);
        if (charges.isEmpty()) {
            return chain.proceed(call);
        }
        SecurityLevel level = level(call);
        return switch (rates.take(charges, Objects.requireNonNull(outages.get(level)))) {
            case GuardedRates.Taken.Unknown unknown ->
                new Outcome.Refused(new Refusal.DependencyUnavailable("Rate limiting", unknown.retryAfter()));
            case GuardedRates.Taken.Counted counted when counted.verdict().admitted() -> chain.proceed(call);
            case GuardedRates.Taken.Counted counted -> {
                Refusal.RateLimited refusal = refusal(charges, counted.verdict());
                audit.refused(call, level, charges, counted.verdict());
                yield new Outcome.Refused(refusal);
            }
        };
    }

    private List<RateStore.Charge> charges(Call call) {
        List<RateStore.Charge> charges = new ArrayList<>(limits.size() + 2);
        long cost = Math.max(1, call.target().attributes().get(Limit.COST).orElse(1));
        // By number: iterators would be most of what this leaves behind.
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            if (limit.applies(call)) {
                String key = limit.key(call);
                for (int w = 0; w < limit.windows().size(); w++) {
                    Limit.Window window = limit.windows().get(w);
                    charges.add(new RateStore.Charge(window.name(), window.rate(), key, cost));
                }
            }
        }
        return charges;
    }

    private static SecurityLevel level(Call call) {
        return call.target().kind() == Target.Kind.NONE
                ? SecurityLevel.LOW
                : call.target().attributes().get(SecurityLevel.ATTRIBUTE).orElse(SecurityLevel.CRITICAL);
    }

    /** After the longest of the times that the windows ask for; only of those that refused something is told. */
    static Refusal.RateLimited refusal(List<RateStore.Charge> charges, RateStore.Verdict verdict) {
        RateFields fields = new RateFields();
        long retry = 0;
        for (int i = 0; i < charges.size(); i++) {
            RateStore.Standing standing = verdict.standings().get(i);
            if (standing.retryNanos() > 0) {
                fields.add(charges.get(i).window(), charges.get(i).rate(), standing);
                retry = Math.max(retry, standing.retryNanos());
            }
        }
        return new Refusal.RateLimited(Duration.ofNanos(retry), fields.headers());
    }
}
