package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.GetPromptResult;
import dev.mortise.mcp.schema.PromptMessage;
import java.util.List;

/** How the getting of a prompt ended. */
public sealed interface PromptOutcome {
    record Done(GetPromptResult result) implements PromptOutcome {}

    /** Something has to be asked first. */
    record Ask(List<Question<?>> questions) implements PromptOutcome {
        public Ask {
            questions = List.copyOf(questions);
        }
    }

    record Refused(Refusal refusal) implements PromptOutcome {}

    /** One message of the user. */
    static PromptOutcome text(String text) {
        return messages(PromptMessage.user(text));
    }

    static PromptOutcome messages(PromptMessage... messages) {
        return new Done(GetPromptResult.of(List.of(messages)));
    }

    static PromptOutcome ask(Question<?>... questions) {
        return new Ask(List.of(questions));
    }

    static PromptOutcome refused(Refusal refusal) {
        return new Refused(refusal);
    }
}
