package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.schema.CacheableResult;
import tools.jackson.databind.node.ObjectNode;

/** {@code server/discover}: the same answer to everybody, made once. */
final class Discover implements RpcMethod {
    private final Outcome outcome;

    Discover(CacheableResult result, Hints hints) {
        this.outcome = new Outcome.Complete(result.withCaching(hints.lists().toMillis(), hints.listScope()));
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        return Binding.of(call -> outcome);
    }
}
