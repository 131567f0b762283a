package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.state.Dialogue;
import java.util.EnumSet;
import java.util.Set;

/** What holds for every question, however it is put. */
public final class Asking {
    private Asking() {}

    /** A question needs a client that can put it, and an end at some time (MRTR: Server Requirements, item 7). */
    public static Outcome checked(LiveCall call, Outcome outcome) {
        if (!(outcome instanceof Outcome.InputRequired asked)) {
            return outcome;
        }
        Set<ClientFeature> missing = EnumSet.noneOf(ClientFeature.class);
        for (Question<?> question : asked.questions()) {
            if (!question.required().declaredIn(call.context().capabilities())) {
                missing.add(question.required());
            }
        }
        if (!missing.isEmpty()) {
            return new Outcome.Refused(new Refusal.MissingCapability(ClientFeature.capabilities(missing)));
        }
        if (!Dialogue.METHODS.contains(call.method())) {
            return internal(call, "asks the user, which is for tools, prompts and resources only");
        }
        return call.round() < Dialogue.MAX_ROUNDS ? outcome : internal(call, "asks without end");
    }

    private static Outcome internal(LiveCall call, String problem) {
        String what = call.method() + " " + call.target().name() + " " + problem;
        return new Outcome.Refused(new Refusal.Internal(Incident.log(what, new IllegalStateException(problem))));
    }
}
