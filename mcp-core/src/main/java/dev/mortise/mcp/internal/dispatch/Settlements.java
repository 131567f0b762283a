package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Settlement.Ending;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that what was attached to a call is released while the user is asked, and settled when the call ends. */
public final class Settlements {
    private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

    private final Map<String, Settlement> byName;

    /** @throws IllegalArgumentException if two have the same name */
    public Settlements(Collection<Settlement> settlements) {
        this.byName = settlements.stream().collect(Collectors.toUnmodifiableMap(Settlement::name, s -> s, (a, b) -> {
            throw new IllegalArgumentException("Two settlements are named " + a.name() + ": give each its own name");
        }));
    }

    /** The call pauses: what is held is released. A settlement that fails is logged and keeps its token. */
    public void suspend(Dialogue dialogue) {
        Map<String, String> released = new HashMap<>();
        each(
                dialogue.charges(),
                "suspend",
                (settlement, token) -> released.put(settlement.name(), settlement.suspend(token)));
        released.forEach(dialogue::charge);
    }

    /** The call has come to this end. A settlement that fails is logged; its own leases have to see to the rest. */
    public void settle(Call call, Dialogue dialogue, Outcome outcome) {
        settle(dialogue.charges(), ending(call, outcome));
    }

    /** @return false if some could not be settled because a store is down: then it has to be done later */
    boolean settle(Map<String, String> charges, Ending ending) {
        return each(charges, "settle", (settlement, token) -> settlement.settle(token, ending));
    }

    /** A result with what its settlements say of the charges. One that fails says nothing. */
    CallToolResult receipt(Map<String, String> charges, CallToolResult result) {
        AtomicReference<CallToolResult> receipted = new AtomicReference<>(result);
        each(
                charges,
                "give a receipt",
                (settlement, token) ->
                        receipted.set(settlement.receipt(token, Objects.requireNonNull(receipted.get()))));
        return Objects.requireNonNull(receipted.get());
    }

    void renew(Map<String, String> charges, Duration atLeast) {
        each(charges, "renew", (settlement, token) -> settlement.renew(token, atLeast));
    }

    /** @return false if a store was down that one of them needed */
    private boolean each(Map<String, String> charges, String what, BiConsumer<Settlement, String> action) {
        boolean available = true;
        for (Map.Entry<String, String> charge : charges.entrySet()) {
            Settlement settlement = byName.get(charge.getKey());
            if (settlement == null) {
                LOG.error("No settlement named {} is registered: a charge stays open", charge.getKey());
                continue;
            }
            try {
                action.accept(settlement, charge.getValue());
            } catch (StoreUnavailable e) {
                LOG.error("Settlement {} failed to {}: {}", charge.getKey(), what, e.toString());
                available = false;
            } catch (RuntimeException e) {
                LOG.error("Settlement {} failed to {}", charge.getKey(), what, e);
            }
        }
        return available;
    }

    private static Ending ending(Call call, Outcome outcome) {
        if (call.cancellation().isCancelled()) {
            return Ending.CANCELLED;
        }
        return switch (outcome) {
            case Outcome.Complete complete ->
                complete.result() instanceof CallToolResult result && result.isError()
                        ? Ending.TOOL_ERROR
                        : Ending.COMPLETED;
            case Outcome.Extended extended -> Ending.COMPLETED;
            case Outcome.Refused refused ->
                refused.refusal() instanceof Refusal.Cancelled
                        ? Ending.CANCELLED
                        : refused.refusal() instanceof Refusal.TimedOut ? Ending.TIMED_OUT : Ending.REFUSED;
            case Outcome.InputRequired paused -> throw new IllegalStateException("A paused call has not ended");
        };
    }
}
