package dev.mortise.mcp.observe;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Outcome;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * The context of the observation of a call, for handlers, filters and predicates of an {@code ObservationRegistry} that
 * want to know more than its key values say.
 */
@SuppressWarnings("exports") // Micrometer is optional: a module that calls this requires it itself
public final class CallObservation extends ReceiverContext<Call> {
    private final Call call;
    private volatile @Nullable Outcome outcome;

    CallObservation(Call call, TraceContext parent) {
        super((carrier, key) -> parent.field(key), Kind.SERVER);
        this.call = call;
        setCarrier(call);
    }

    public Call call() {
        return call;
    }

    /** How the call ended; {@code null} while it runs. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    void ended(Outcome ending) {
        outcome = ending;
    }
}
