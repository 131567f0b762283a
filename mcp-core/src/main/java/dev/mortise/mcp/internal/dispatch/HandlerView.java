package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Cancellation;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.server.HandlerCall;
import dev.mortise.mcp.server.ServerEvents;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What every handler sees of its call. */
abstract class HandlerView implements HandlerCall {
    private final LiveCall call;
    private final ServerEvents events;

    HandlerView(LiveCall call, ServerEvents events) {
        this.call = call;
        this.events = events;
    }

    @Override
    public CallContext context() {
        return call.context();
    }

    @Override
    public String id() {
        return call.id();
    }

    @Override
    public Cancellation cancellation() {
        return call.cancellation();
    }

    @Override
    public <T> Optional<T> get(Attribute<T> attribute) {
        return call.get(attribute);
    }

    @Override
    public <T> Answer<T> answer(Question<T> question) {
        return call.answer(question);
    }

    @Override
    public boolean canAsk(Question<?> question) {
        return question.required().declaredIn(call.context().capabilities());
    }

    @Override
    public <T> T once(String key, Class<T> type, Callable<T> work) throws Exception {
        JsonNode kept = call.dialogue().kept(key);
        if (kept != null) {
            return Json.mapper().treeToValue(kept, type);
        }
        T result = work.call();
        call.dialogue().keep(key, Json.tree(result));
        return result;
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        call.progress(progress, total, message);
    }

    @Override
    public void log(LoggingLevel level, @Nullable String logger, Object data) {
        call.log(level, logger, data);
    }

    @Override
    public void closeStream() {
        call.exchange().hangUp();
    }

    @Override
    public ServerEvents events() {
        return events;
    }
}
