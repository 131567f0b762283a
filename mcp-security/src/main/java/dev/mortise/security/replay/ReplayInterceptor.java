package dev.mortise.security.replay;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.call.Interceptor;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.security.access.AccessWording;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Claims each call that has a key before it is carried out, and keeps what came of it. */
final class ReplayInterceptor implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotentCalls.class);
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration LAST_LOOK = Duration.ofMillis(500);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration FULL_RETRY_AFTER = Duration.ofMinutes(1);
    private static final int MOST_WAITING = 256;

    /** On a call that nothing has refused before its handler. */
    private static final Attribute<Boolean> BEGUN = Attribute.of("dev.mortise.security.replay.begun", Boolean.class);

    private final ReplayStore store;
    private final ReplayStore.Terms terms;
    private final Duration patience;
    private final int maxResultBytes;
    private final Ticker ticker;
    private final @Nullable AccessWording wording;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    ReplayInterceptor(
            ReplayStore store,
            ReplayStore.Terms terms,
            Duration patience,
            int maxResultBytes,
            Ticker ticker,
            @Nullable AccessWording wording) {
        this.store = store;
        this.terms = terms;
        this.patience = patience;
        this.maxResultBytes = maxResultBytes;
        this.ticker = ticker;
        this.wording = wording;
    }

    ReplayInterceptor worded(AccessWording newWording) {
        return new ReplayInterceptor(store, terms, patience, maxResultBytes, ticker, newWording);
    }

    /** Takes note of a call that gets as far as to be carried out. */
    static Outcome begun(Call call, Chain chain) {
        // Of calls without a key nobody asks.
        if (call.context().meta().get(IdempotencyKey.META_KEY).isPresent()) {
            call.set(BEGUN, true);
        }
        return chain.proceed(call);
    }

    @Override
    public Outcome intercept(Call call, Chain chain) {
        if (call.target().kind() != Target.Kind.TOOL || !call.target().exists()) {
            return chain.proceed(call);
        }
        Optional<JsonNode> given = call.context().meta().get(IdempotencyKey.META_KEY);
        if (given.isEmpty()) {
            return chain.proceed(call);
        }
        JsonNode key = given.get();
        if (!key.isString() || !KEY.matcher(key.stringValue()).matches()) {
            return new Outcome.Refused(Refusal.InvalidParams.of(
                    "_meta." + IdempotencyKey.META_KEY + " must be 1 to 128 visible ASCII characters"));
        }
        Claimed claimed = new Claimed(
                CallDigest.of(call.caller().identity()),
                CallDigest.of(key.stringValue()),
                CallDigest.ofParams(call.params()),
                random());
        ReplayStore.Claim claim = claim(claimed);
        if (claim instanceof ReplayStore.Claim.Running && waiting.tryAcquire()) {
            try {
                claim = awaited(call, claimed);
            } finally {
                waiting.release();
            }
        }
        return switch (claim) {
            case ReplayStore.Claim.First first -> carriedOut(call, chain, claimed);
            case ReplayStore.Claim.Done done -> replayed(call, KeptOutcome.read(done.outcome()));
            case ReplayStore.Claim.Lost lost -> replayed(call, new KeptOutcome.Unknown());
            case ReplayStore.Claim.Running running ->
                refused(
                        409,
                        words(call).stillRunning(RETRY_AFTER.toSeconds()),
                        Json.object()
                                .put("reason", IdempotentCalls.IN_USE)
                                .put("retryAfterMs", RETRY_AFTER.toMillis()));
            case ReplayStore.Claim.OtherCall other ->
                refused(422, words(call).keyOfAnotherCall(), Json.object().put("reason", IdempotentCalls.REUSED));
            case ReplayStore.Claim.Full full ->
                new Outcome.Refused(new Refusal.RateLimited(FULL_RETRY_AFTER, Map.of()));
        };
    }

    /** @param attempt of this very sending */
    private record Claimed(String owner, String key, String digest, String attempt) {}

    private ReplayStore.Claim claim(Claimed claimed) {
        return store.claim(claimed.owner(), claimed.key(), claimed.digest(), claimed.attempt(), terms);
    }

    private ReplayStore.Claim awaited(Call call, Claimed claimed) {
        long end = ticker.nanos() + patience.toNanos();
        long look = FIRST_LOOK.toNanos();
        ReplayStore.Claim claim = new ReplayStore.Claim.Running();
        while (claim instanceof ReplayStore.Claim.Running
                && end - ticker.nanos() > 0
                && !call.cancellation().isCancelled()
                && !Thread.currentThread().isInterrupted()) {
            ticker.parkUntil(ticker.nanos() + Math.min(look, Math.max(1, end - ticker.nanos())));
            look = Math.min(look * 2, LAST_LOOK.toNanos());
            claim = claim(claimed);
        }
        return claim;
    }

    private Outcome carriedOut(Call call, Chain chain, Claimed claimed) {
        Outcome outcome;
        SignsOfLife signs = SignsOfLife.start(
                () -> store.renew(claimed.owner(), claimed.key(), claimed.attempt(), terms), terms.lease());
        try {
            outcome = chain.proceed(call);
        } finally {
            signs.end();
        }
        // A call that was cancelled may leave its thread interrupted, and then no store would take anything.
        boolean interrupted = Thread.interrupted();
        try {
            keep(claimed, KeptOutcome.of(outcome, call.get(BEGUN).isPresent(), maxResultBytes));
        } catch (StoreUnavailable e) {
            // It was done, and its client learns what came of it. Who repeats it will learn that nobody knows.
            LOG.warn("What came of {} could not be kept: {}", call.target().name(), e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome;
    }

    private void keep(Claimed claimed, Optional<String> outcome) {
        if (outcome.isEmpty()) {
            store.release(claimed.owner(), claimed.key(), claimed.attempt());
        } else if (!store.finish(claimed.owner(), claimed.key(), claimed.attempt(), outcome.get(), terms)) {
            store.finish(claimed.owner(), claimed.key(), claimed.attempt(), KeptOutcome.tooLarge(), terms);
        }
    }

    private AccessWording words(Call call) {
        return wording == null ? AccessWording.of(call) : wording;
    }

    private Outcome replayed(Call call, KeptOutcome kept) {
        return switch (kept) {
            case KeptOutcome.Answered answered -> answered.outcome();
            case KeptOutcome.TooLarge large ->
                refused(409, words(call).resultNotKept(), Json.object().put("reason", IdempotentCalls.NOT_KEPT));
            case KeptOutcome.Unknown unknown ->
                refused(409, words(call).outcomeUnknown(), Json.object().put("reason", IdempotentCalls.UNKNOWN));
        };
    }

    private static Outcome refused(int code, String message, ObjectNode data) {
        return new Outcome.Refused(new Refusal.Custom(code, message, data, code));
    }

    private static String random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
