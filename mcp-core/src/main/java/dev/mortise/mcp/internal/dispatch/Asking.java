package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.ClientFeature;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.ServerMethod;
import dev.mortise.mcp.internal.state.Dialogue;
import java.util.EnumSet;
import java.util.Set;

/** What a client has to be able to do for an outcome to be sent to it. */
public final class Asking {
    private Asking() {}

    /** The outcome, or the refusal of a client that could do nothing with it. */
    public static Outcome checked(LiveCall call, Outcome outcome) {
        if (outcome instanceof Outcome.Complete) {
            // Nearly every call of a busy server: it need not wait for the switch.
            return outcome;
        }
        return switch (outcome) {
            case Outcome.Complete complete -> complete;
            case Outcome.Refused refused -> refused;
            case Outcome.Extended extended ->
                call.context().capabilities().supportsExtension(extended.extension())
                        ? extended
                        : ServerMethod.missing(extended.extension());
            case Outcome.InputRequired asked -> asking(call, asked);
        };
    }

    /** A question needs a client that can put it, and an end at some time (MRTR: Server Requirements, item 7). */
    private static Outcome asking(LiveCall call, Outcome.InputRequired asked) {
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
        return call.round() < Dialogue.MAX_ROUNDS ? asked : internal(call, "asks without end");
    }

    private static Outcome internal(LiveCall call, String problem) {
        String what = call.method() + " " + call.target().name() + " " + problem;
        return new Outcome.Refused(new Refusal.Internal(Incident.log(what, new IllegalStateException(problem))));
    }
}
