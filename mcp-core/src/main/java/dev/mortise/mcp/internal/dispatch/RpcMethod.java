package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.ServerMethod;
import tools.jackson.databind.node.ObjectNode;

/** One JSON-RPC method of the server. */
@FunctionalInterface
public interface RpcMethod {
    /**
     * Finds out what a call is about, before the interceptors run: nothing must happen yet, and nothing be told of
     * what the caller may not know.
     */
    Binding bind(Caller caller, ObjectNode params);

    /** A method that an extension brought. */
    static RpcMethod of(ServerMethod<?> method) {
        return new ExtensionMethod<>(method);
    }

    /** What a call is about, and how it is carried out once the interceptors let it pass. */
    record Binding(Target target, Invocation invocation) {
        static Binding of(Invocation invocation) {
            return new Binding(Target.NONE, invocation);
        }

        static Binding refused(Refusal refusal) {
            return of(call -> new Outcome.Refused(refusal));
        }

        static Binding notFound(Target.Kind kind, String name) {
            Outcome outcome = new Outcome.Refused(new Refusal.NotFound(kind, name));
            return new Binding(Target.unknown(kind, name), call -> outcome);
        }
    }

    /** The work of a call. */
    @FunctionalInterface
    interface Invocation {
        Outcome invoke(LiveCall call);
    }
}
