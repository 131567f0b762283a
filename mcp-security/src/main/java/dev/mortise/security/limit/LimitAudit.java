package dev.mortise.security.limit;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.security.Credential;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes refusals down, but no more than one a minute of each key and window: refusing has to stay cheap. */
final class LimitAudit {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);
    private static final Rate SELDOM = new Rate(1, Duration.ofMinutes(1), 1);

    private final AuditTrail trail;
    private final Clock clock;
    private final RateStore told;

    LimitAudit(AuditTrail trail, Clock clock, Ticker ticker) {
        this.trail = trail;
        this.clock = clock;
        this.told = new MemoryRateStore(1 << 13, ticker);
    }

    @SuppressWarnings("ReferenceEquality") // this very trail
    void refused(Call call, SecurityLevel level, List<RateStore.Charge> charges, RateStore.Verdict verdict) {
        if (trail == AuditTrail.NONE) {
            return;
        }
        for (int i = 0; i < charges.size(); i++) {
            RateStore.Charge charge = charges.get(i);
            if (verdict.standings().get(i).retryNanos() > 0
                    && told.take(List.of(new RateStore.Charge(charge.window(), SELDOM, charge.key(), 1)))
                            .admitted()) {
                record(call, level, charge.window());
            }
        }
    }

    private void record(Call call, SecurityLevel level, String window) {
        try {
            trail.record(new AuditEvent(
                    clock.instant(),
                    AuditEvent.Kind.LIMIT,
                    AuditEvent.Outcome.DENIED,
                    call.caller().subject(),
                    call.caller().tenant().orElse(null),
                    call.caller().get(Credential.ATTRIBUTE).map(Credential::id).orElse(null),
                    call.method(),
                    call.target().name(),
                    level,
                    "rate-limited",
                    call.requestId().toString(),
                    call.context().traceparent().map(AuditEvent::traceId).orElse(null),
                    Map.of("window", window)));
        } catch (AuditUnavailable e) {
            // It is refused in any case.
            LOG.warn("A refusal by the limit {} could not be audited", window, e);
        }
    }
}
