package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.ServerMethod;
import tools.jackson.databind.node.ObjectNode;

/** A method that an extension brought. */
final class ExtensionMethod<P> implements RpcMethod {
    private final ServerMethod<P> method;

    ExtensionMethod(ServerMethod<P> method) {
        this.method = method;
    }

    @Override
    public Binding bind(Caller caller, ObjectNode params) {
        P read;
        try {
            read = method.read(params);
        } catch (IllegalArgumentException e) {
            return Binding.refused(Refusal.InvalidParams.of(String.valueOf(e.getMessage())));
        }
        return new Binding(
                method.target(caller, read),
                call -> Handling.run(
                        call,
                        () -> method.handle(read, call),
                        reference -> new Outcome.Refused(new Refusal.Internal(reference))));
    }
}
