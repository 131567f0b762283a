package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.state.Dialogue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Puts the questions of a call to a client that does not know of rounds: the call waits, the client is asked by
 * requests of the server's own, and then the call goes round as if a modern client had sent it again. Nothing of the
 * next round depends on what this one has in memory, except what a modern client would have carried.
 */
public final class InputBridge implements InterceptorChain.Bridge {
    /** Puts questions to the client of a call, and waits. */
    public interface Asker {
        Asked ask(LiveCall call, List<Question<?>> questions);
    }

    /** What came of asking. */
    public sealed interface Asked {
        /** What the client sent back, by the keys of the questions. */
        record Answered(Map<String, JsonNode> answers) implements Asked {}

        /** There will be no answer. */
        record Unanswered(Refusal why) implements Asked {}
    }

    private final LiveCall call;
    private final Asker asker;
    private final Settlements settlements;
    private final Duration ttl;
    private final Clock clock;

    /** @param ttl how long the client may take over a question */
    public InputBridge(LiveCall call, Asker asker, Settlements settlements, Duration ttl, Clock clock) {
        this.call = call;
        this.asker = asker;
        this.settlements = settlements;
        this.ttl = ttl;
        this.clock = clock;
    }

    @Override
    public Outcome cross(Supplier<Outcome> rest) {
        Map<Attribute<?>, Object> before = call.attributes();
        while (true) {
            Outcome outcome = Asking.checked(call, rest.get());
            if (!(outcome instanceof Outcome.InputRequired asked)) {
                return outcome;
            }
            // Released while the user thinks, as for a modern client: an abandoned question must not eat a quota.
            settlements.suspend(call.dialogue());
            Instant expiry = clock.instant().plus(ttl);
            byte[] carried = call.dialogue().pause(asked.questions(), expiry);
            switch (asker.ask(call, asked.questions())) {
                case Asked.Unanswered unanswered -> {
                    return new Outcome.Refused(unanswered.why());
                }
                case Asked.Answered answered -> {
                    Dialogue next = Dialogue.resume(carried, answered.answers(), clock.instant());
                    if (next == null) {
                        return new Outcome.Refused(new Refusal.InvalidState());
                    }
                    call.nextRound(next, before);
                }
            }
        }
    }
}
