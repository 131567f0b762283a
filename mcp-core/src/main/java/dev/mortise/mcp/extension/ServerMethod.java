package dev.mortise.mcp.extension;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ClientCapabilities;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON-RPC method that an extension adds to a server. Its calls go the way of every call: through the interceptors,
 * the policy included. Immutable; its code is called from many threads, on virtual ones, and may block.
 *
 * <pre>{@code
 * record Find(String words) {}
 *
 * ServerMethod search = ServerMethod.named("com.example/search", Find.class)
 *         .requires("com.example/search")
 *         .handle((params, call) -> new Outcome.Complete(ExtensionResult.of(find(params.words()))));
 * }</pre>
 *
 * @param <P> what the params are read as: a record whose components are the members. In a named module, its package has
 *     to be opened to {@code tools.jackson.databind}
 */
public final class ServerMethod<P> {
    /** The work of a call. What it throws is logged, and its caller learns a reference only. */
    @FunctionalInterface
    public interface Handler<P> {
        Outcome handle(P params, Call call) throws Exception;
    }

    private final String name;
    private final Class<P> params;
    private final @Nullable String extension;
    private final BiFunction<Caller, P, Target> target;
    private final Handler<P> handler;

    private ServerMethod(Builder<P> builder, Handler<P> handler) {
        this.name = builder.name;
        this.params = builder.params;
        this.extension = builder.extension;
        this.target = builder.target;
        this.handler = handler;
    }

    /** Begins a method. Members of the params that {@code P} does not have are ignored. */
    public static <P> Builder<P> named(String name, Class<P> params) {
        return new Builder<>(name, params);
    }

    public String name() {
        return name;
    }

    /**
     * Reads the params.
     *
     * @throws IllegalArgumentException if they do not fit, in words for the peer
     */
    public P read(ObjectNode tree) {
        try {
            return Json.mapper().treeToValue(tree, params);
        } catch (JacksonException e) {
            // The message of a record's own check was written for whoever passed the params; others name classes.
            Throwable cause = e.getCause();
            throw new IllegalArgumentException(
                    cause != null && cause.getClass() == IllegalArgumentException.class
                            ? String.valueOf(cause.getMessage())
                            : "The params do not fit " + name);
        }
    }

    /** What a call is about; found out before the interceptors run, so that the policy can decide by it. */
    public Target target(Caller caller, P read) {
        return target.apply(caller, read);
    }

    /** Carries out a call that the interceptors have let pass. */
    public Outcome handle(P read, Call call) throws Exception {
        if (extension != null && !call.context().capabilities().supportsExtension(extension)) {
            return missing(extension);
        }
        return handler.handle(read, call);
    }

    /** The refusal of a client that did not declare an extension (specification, basic: Missing Capabilities). */
    public static Outcome missing(String extension) {
        return new Outcome.Refused(new Refusal.MissingCapability(
                ClientCapabilities.builder().extension(extension, Json.object()).build()));
    }

    /** Composes a method. */
    public static final class Builder<P> {
        private final String name;
        private final Class<P> params;
        private @Nullable String extension;
        private BiFunction<Caller, P, Target> target = (caller, read) -> Target.NONE;

        private Builder(String name, Class<P> params) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A method needs a name, such as com.example/search");
            }
            this.name = name;
            this.params = params;
        }

        /** Only for clients that declare this extension on the request. */
        public Builder<P> requires(String id) {
            this.extension = id;
            return this;
        }

        /** What a call is about, so that the policy decides on it. It may block; it must not change anything. */
        public Builder<P> about(BiFunction<Caller, P, Target> newTarget) {
            this.target = newTarget;
            return this;
        }

        public ServerMethod<P> handle(Handler<P> handler) {
            return new ServerMethod<>(this, handler);
        }
    }
}
