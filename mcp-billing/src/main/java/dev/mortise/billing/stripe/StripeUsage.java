package dev.mortise.billing.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.TemporarySessionExpiredException;
import com.stripe.model.StripeCollection;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEventSummary;
import com.stripe.model.v2.billing.MeterEventSession;
import com.stripe.net.ApiResource;
import com.stripe.param.billing.MeterEventCreateParams;
import com.stripe.param.billing.MeterEventSummaryListParams;
import com.stripe.param.billing.MeterListParams;
import com.stripe.param.v2.billing.MeterEventStreamCreateParams;
import dev.mortise.billing.payment.ProviderRefused;
import dev.mortise.billing.payment.ProviderUnavailable;
import dev.mortise.billing.payment.UsageAnswer;
import dev.mortise.billing.payment.UsageErrors;
import dev.mortise.billing.payment.UsageReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Usage as meter events: one by one (v1), or for volume a hundred at a time over the stream (v2), which wants a session of
 * its own every quarter of an hour.
 */
final class StripeUsage {
    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final StripeClient client;
    private final Function<String, StripeClient> clientForToken;
    private final Map<String, String> meters;
    private final boolean streaming;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> meterIds = new ConcurrentHashMap<>();
    private @Nullable Session session;

    private record Session(StripeClient client, Instant end) {}

    StripeUsage(
            StripeClient client,
            Function<String, StripeClient> clientForToken,
            Map<String, String> meters,
            boolean streaming,
            Clock clock) {
        this.client = client;
        this.clientForToken = clientForToken;
        this.meters = meters;
        this.streaming = streaming;
        this.clock = clock;
    }

    List<UsageAnswer> report(List<UsageReport> reports) {
        return streaming ? stream(reports) : oneByOne(reports);
    }

    private List<UsageAnswer> oneByOne(List<UsageReport> reports) {
        List<UsageAnswer> answers = new ArrayList<>();
        for (UsageReport report : reports) {
            try {
                answers.add(create(report));
            } catch (ProviderUnavailable e) {
                UsageAnswer later = new UsageAnswer.Later(e.retryAfter());
                while (answers.size() < reports.size()) {
                    answers.add(later);
                }
            }
            if (answers.size() == reports.size()) {
                break;
            }
        }
        return answers;
    }

    private UsageAnswer create(UsageReport report) {
        String event = meters.get(report.meter());
        if (event == null) {
            return new UsageAnswer.Never("unknown_meter");
        }
        MeterEventCreateParams params = MeterEventCreateParams.builder()
                .setEventName(event)
                .setIdentifier(report.identifier())
                .setTimestamp(report.at().getEpochSecond())
                .putPayload("stripe_customer_id", report.customer())
                .putPayload("value", Long.toString(report.quantity()))
                .build();
        try {
            StripeCalls.call(
                    () -> client.v1().billing().meterEvents().create(params, StripeCalls.key(report.identifier())));
            return new UsageAnswer.Taken();
        } catch (ProviderRefused e) {
            return isKnown(e) ? new UsageAnswer.Taken() : new UsageAnswer.Never(e.code());
        }
    }

    /** What was reported before is refused by its identifier: then it is there, which is all that was wanted. */
    private static boolean isKnown(ProviderRefused refused) {
        return refused.code().equals("duplicate_meter_event")
                || String.valueOf(refused.getMessage()).contains("already exists with identifier");
    }

    private List<UsageAnswer> stream(List<UsageReport> reports) {
        List<UsageReport> known = reports.stream()
                .filter(report -> meters.containsKey(report.meter()))
                .toList();
        UsageAnswer answer = known.isEmpty() ? new UsageAnswer.Taken() : sendOrSplit(known);
        List<UsageAnswer> answers = new ArrayList<>();
        for (UsageReport report : reports) {
            if (!meters.containsKey(report.meter())) {
                answers.add(new UsageAnswer.Never("unknown_meter"));
            } else if (answer instanceof UsageAnswer.Never && known.size() > 1) {
                answers.add(sendOrSplit(List.of(report)));
            } else {
                answers.add(answer);
            }
        }
        return answers;
    }

    /** All or none: where one of many is refused, nobody says which, and so each is then sent by itself. */
    private UsageAnswer sendOrSplit(List<UsageReport> reports) {
        try {
            send(reports);
            return new UsageAnswer.Taken();
        } catch (ProviderUnavailable e) {
            return new UsageAnswer.Later(e.retryAfter());
        } catch (ProviderRefused e) {
            return isKnown(e) && reports.size() == 1 ? new UsageAnswer.Taken() : new UsageAnswer.Never(e.code());
        }
    }

    private void send(List<UsageReport> reports) {
        MeterEventStreamCreateParams.Builder params = MeterEventStreamCreateParams.builder();
        for (UsageReport report : reports) {
            params.addEvent(MeterEventStreamCreateParams.Event.builder()
                    .setEventName(meters.get(report.meter()))
                    .setIdentifier(report.identifier())
                    .setTimestamp(report.at())
                    .putPayload("stripe_customer_id", report.customer())
                    .putPayload("value", Long.toString(report.quantity()))
                    .build());
        }
        MeterEventStreamCreateParams built = params.build();
        if (!sendOn(session(false), built) && !sendOn(session(true), built)) {
            throw new ProviderUnavailable("Stripe ends each session for meter events at once", null);
        }
    }

    /** @return false if the session is over, which its server decides */
    private static boolean sendOn(StripeClient session, MeterEventStreamCreateParams params) {
        return StripeCalls.call(() -> {
            try {
                session.v2().billing().meterEventStream().create(params);
                return true;
            } catch (TemporarySessionExpiredException e) {
                return false;
            }
        });
    }

    private StripeClient session(boolean anew) {
        lock.lock();
        try {
            Session known = session;
            if (!anew && known != null && clock.instant().isBefore(known.end())) {
                return known.client();
            }
            MeterEventSession opened = StripeCalls.call(
                    () -> client.v2().billing().meterEventSession().create());
            Session next = new Session(
                    clientForToken.apply(opened.getAuthenticationToken()),
                    opened.getExpiresAt().minus(MARGIN));
            session = next;
            return next.client();
        } finally {
            lock.unlock();
        }
    }

    /** What its meter adds up to; both times are whole minutes, or Stripe refuses. */
    Optional<Long> total(String customer, String meter, Instant from, Instant to) {
        String event = meters.get(meter);
        Optional<String> id = event == null ? Optional.empty() : meterId(event);
        return id.map(one -> {
            MeterEventSummaryListParams.Builder params = MeterEventSummaryListParams.builder()
                    .setCustomer(customer)
                    .setStartTime(from.getEpochSecond())
                    .setEndTime(to.getEpochSecond())
                    .setLimit(100L);
            BigDecimal total = BigDecimal.ZERO;
            while (true) {
                StripeCollection<MeterEventSummary> page = StripeCalls.call(
                        () -> client.v1().billing().meters().eventSummaries().list(one, params.build()));
                for (MeterEventSummary summary : page.getData()) {
                    total = total.add(summary.getAggregatedValue());
                }
                if (!isMore(page)) {
                    // A fraction is somebody else's doing, and to be seen as a difference.
                    return total.setScale(0, RoundingMode.CEILING)
                            .min(BigDecimal.valueOf(Long.MAX_VALUE))
                            .longValue();
                }
                params.setStartingAfter(page.getData().getLast().getId());
            }
        });
    }

    private static boolean isMore(StripeCollection<?> page) {
        return Boolean.TRUE.equals(page.getHasMore()) && !page.getData().isEmpty();
    }

    /** The id of the active meter that counts events of this name. */
    private Optional<String> meterId(String event) {
        String known = meterIds.get(event);
        if (known != null) {
            return Optional.of(known);
        }
        MeterListParams.Builder params = MeterListParams.builder()
                .setStatus(MeterListParams.Status.ACTIVE)
                .setLimit(100L);
        while (true) {
            StripeCollection<Meter> page =
                    StripeCalls.call(() -> client.v1().billing().meters().list(params.build()));
            for (Meter one : page.getData()) {
                meterIds.put(one.getEventName(), one.getId());
            }
            if (meterIds.containsKey(event) || !isMore(page)) {
                return Optional.ofNullable(meterIds.get(event));
            }
            params.setStartingAfter(page.getData().getLast().getId());
        }
    }

    /** The report behind a thin event: codes, counts and a few identifiers. The SDK's classes have no way to read it. */
    UsageErrors errors(String event) {
        String body = StripeCalls.call(
                () -> client.rawRequest(ApiResource.RequestMethod.GET, "/v2/core/events/" + event, null)
                        .body());
        JsonNode reason;
        try {
            reason = JSON.readTree(body).path("data").path("reason");
        } catch (JacksonException e) {
            throw new ProviderUnavailable("Stripe gave an answer that cannot be read", e);
        }
        List<UsageErrors.Sample> samples = new ArrayList<>();
        for (JsonNode kind : reason.path("error_types")) {
            String code = kind.path("code").asString("unknown");
            for (JsonNode sample : kind.path("sample_errors")) {
                String identifier = sample.path("request").path("identifier").asString("");
                if (!identifier.isEmpty()) {
                    samples.add(new UsageErrors.Sample(identifier, code));
                }
            }
        }
        return new UsageErrors(reason.path("error_count").asLong(samples.size()), samples);
    }
}
