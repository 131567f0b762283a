package dev.mortise.security.limit;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Origin;
import java.util.List;

/** Counts what comes from an address before anything is verified, which costs more than counting. */
final class AddressLimit implements Authenticator {
    private final Authenticator inner;
    private final List<Limit.Window> windows;
    private final GuardedRates rates;
    private final Outage outage;

    AddressLimit(Authenticator inner, List<Limit.Window> windows, GuardedRates rates, Outage outage) {
        this.inner = inner;
        this.windows = windows;
        this.rates = rates;
        this.outage = outage;
    }

    @Override
    public Admission authenticate(Origin origin) {
        if (!(origin instanceof HttpHead head)) {
            return inner.authenticate(origin);
        }
        String key = AddressKey.of(head.remoteAddress());
        List<RateStore.Charge> charges = windows.stream()
                .map(window -> new RateStore.Charge(window.name(), window.rate(), key, 1))
                .toList();
        return switch (rates.take(charges, outage)) {
            case GuardedRates.Taken.Unknown unknown ->
                Authenticator.reject(new Refusal.DependencyUnavailable("Rate limiting", unknown.retryAfter()));
            case GuardedRates.Taken.Counted counted when counted.verdict().admitted() -> inner.authenticate(origin);
            case GuardedRates.Taken.Counted counted ->
                Authenticator.reject(LimitInterceptor.refusal(charges, counted.verdict()));
        };
    }
}
