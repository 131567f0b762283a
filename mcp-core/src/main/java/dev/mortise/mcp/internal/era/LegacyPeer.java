package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.internal.dispatch.LiveCall;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.JsonNode;

/** The client of a session, as its tasks see it. */
record LegacyPeer(LegacySession owner, ProtocolVersion version) implements LegacyTasks.Peer {
    private static final int LONGEST_REASON = 200;

    @Override
    public LegacySession.Name session() {
        return owner.name();
    }

    @Override
    public LegacyTasks.Put ask(Call call, String task, JsonNode request) throws IOException {
        LiveCall live = live(call);
        LegacyQuestion question = LegacyQuestion.of(task, request, version).about(task);
        RequestId id = question.request().id();
        CompletableFuture<Message.Response> response = owner.expect(id);
        try {
            question.remember(owner);
            live.exchange().send(question.request());
        } catch (IOException | RuntimeException e) {
            owner.forget(id);
            throw e;
        }
        return new LegacyTasks.Put(response.thenApply(given -> answer(question, given)), () -> {
            if (!response.isDone()) {
                live.exchange().offer(question.withdrawal());
            }
            owner.forget(id);
        });
    }

    @Override
    public void tell(Call call, Message.Notification notification) {
        live(call).exchange().offer(notification);
    }

    private static LiveCall live(Call call) {
        if (call instanceof LiveCall live) {
            return live;
        }
        throw new IllegalArgumentException("This call is none of this server's: pass it on as it came");
    }

    private static JsonNode answer(LegacyQuestion question, Message.Response response) {
        return switch (response) {
            case Message.Result result -> question.answer(result.result());
            case Message.Failure failure ->
                throw new CompletionException(
                        "The client could not answer " + question.request().method() + ": "
                                + Excerpt.of(failure.error().message(), LONGEST_REASON),
                        null);
        };
    }
}
