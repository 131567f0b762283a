package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.dispatch.InputBridge;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Puts questions to the client of a legacy session: all of a round at once, on the stream of the call. */
final class LegacyAsker implements InputBridge.Asker {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_REASON = 200;

    /** Outside of JSON-RPC's range, like the other reasons that have no code of their own. */
    private static final int TIMED_OUT = 408;

    private static final int FAILED = 424;

    private final LegacySession session;
    private final ProtocolVersion version;
    private final Duration ttl;

    LegacyAsker(LegacySession session, ProtocolVersion version, Duration ttl) {
        this.session = session;
        this.version = version;
        this.ttl = ttl;
    }

    private record Pending(LegacyQuestion question, CompletableFuture<Message.Response> response) {}

    @Override
    public InputBridge.Asked ask(LiveCall call, List<Question<?>> questions) {
        if (questions.isEmpty()) {
            return tryAgainLater(call);
        }
        List<Pending> pending = questions.stream().map(this::prepare).toList();
        // From here on whatever ends the call ends the wait.
        call.cancellation().onCancel(() -> pending.forEach(one -> one.response().cancel(false)));
        try {
            for (Pending one : pending) {
                one.question().remember(session);
                call.exchange().send(one.question().request());
            }
            return answers(call, pending);
        } catch (IOException e) {
            return unreachable(questions);
        } finally {
            pending.forEach(one -> session.forget(one.question().request().id()));
        }
    }

    private Pending prepare(Question<?> question) {
        LegacyQuestion legacy = LegacyQuestion.of(question, version);
        return new Pending(legacy, session.expect(legacy.request().id()));
    }

    private InputBridge.Asked answers(LiveCall call, List<Pending> pending) {
        long end = System.nanoTime() + ttl.toNanos();
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        for (Pending one : pending) {
            try {
                Message.Response response = one.response().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                switch (response) {
                    case Message.Result result ->
                        answers.put(one.question().key(), one.question().answer(result.result()));
                    case Message.Failure failure -> {
                        takeBack(call, pending);
                        return refused(
                                FAILED,
                                call.context()
                                        .wording()
                                        .notAnswered(
                                                one.question().request().method(),
                                                Excerpt.of(failure.error().message(), LONGEST_REASON)));
                    }
                }
            } catch (TimeoutException e) {
                takeBack(call, pending);
                return refused(TIMED_OUT, call.context().wording().unanswered());
            } catch (CancellationException | ExecutionException e) {
                // Cancelled by the client or by the server, or the session has ended: nobody is left to ask.
                return new InputBridge.Asked.Unanswered(new Refusal.Cancelled());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new InputBridge.Asked.Unanswered(new Refusal.Cancelled());
            }
        }
        return new InputBridge.Asked.Answered(answers);
    }

    /** What is still open need not be answered any more. */
    private static void takeBack(LiveCall call, List<Pending> pending) {
        for (Pending one : pending) {
            if (!one.response().isDone()) {
                call.exchange().offer(one.question().withdrawal());
            }
        }
    }

    /** There is no way to the client now. Where it only has to open a page, an error can say which. */
    private static InputBridge.Asked unreachable(List<Question<?>> questions) {
        Set<ClientFeature> features = EnumSet.noneOf(ClientFeature.class);
        questions.forEach(question -> features.add(question.required()));
        return new InputBridge.Asked.Unanswered(
                features.equals(EnumSet.of(ClientFeature.URL))
                        ? new Refusal.UrlElicitationRequired(questions)
                        : new Refusal.MissingCapability(ClientFeature.capabilities(features)));
    }

    private static InputBridge.Asked tryAgainLater(LiveCall call) {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        call.cancellation().onCancel(() -> cancelled.complete(null));
        try {
            cancelled.get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new InputBridge.Asked.Answered(Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Nobody fails it", e);
        }
        return new InputBridge.Asked.Unanswered(new Refusal.Cancelled());
    }

    private static InputBridge.Asked refused(int code, String message) {
        return new InputBridge.Asked.Unanswered(new Refusal.Custom(code, message, null, 200));
    }
}
