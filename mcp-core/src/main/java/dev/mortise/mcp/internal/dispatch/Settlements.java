package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Settlement.Ending;
import dev.mortise.mcp.internal.state.Dialogue;
import dev.mortise.mcp.schema.CallToolResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
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

    /** The call has come to this outcome. A settlement that fails is logged; its own leases have to see to the rest. */
    public void conclude(Call call, Dialogue dialogue, Outcome outcome) {
        Map<String, String> charges = dialogue.charges();
        if (charges.isEmpty()) {
            return;
        }
        boolean pauses = outcome instanceof Outcome.InputRequired;
        Map<String, String> released = new HashMap<>();
        charges.forEach((name, token) -> {
            Settlement settlement = byName.get(name);
            if (settlement == null) {
                LOG.error("No settlement named {} is registered: its charge on call {} stays open", name, call.id());
                return;
            }
            try {
                if (pauses) {
                    released.put(name, settlement.suspend(token));
                } else {
                    settlement.settle(token, ending(call, outcome));
                }
            } catch (RuntimeException e) {
                LOG.error("Settlement {} failed on call {}", name, call.id(), e);
            }
        });
        released.forEach(dialogue::charge);
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
                refused.refusal() instanceof Refusal.Cancelled ? Ending.CANCELLED : Ending.REFUSED;
            case Outcome.InputRequired paused -> throw new IllegalStateException("A paused call has not ended");
        };
    }
}
