package dev.mortise.mcp.call;

import dev.mortise.mcp.schema.Result;
import java.util.List;

/** How a call ended, or paused. */
public sealed interface Outcome {

    /** The call is done; a tool's own error is a complete result too. */
    record Complete(Result result) implements Outcome {}

    /**
     * The user, or the client's model, has to be asked first. What the call knows so far is sealed and goes with
     * the questions; with no questions the client may simply try again.
     */
    record InputRequired(List<Question<?>> questions) implements Outcome {
        /** @throws IllegalArgumentException if two questions have the same key: only one would be asked */
        public InputRequired {
            questions = List.copyOf(questions);
            long keys = questions.stream().map(Question::key).distinct().count();
            if (keys < questions.size()) {
                throw new IllegalArgumentException("Two of these questions have the same key: " + questions);
            }
        }
    }

    /**
     * A result whose {@code resultType} an extension has added; an error to a client that did not declare it.
     *
     * @param extension the extension's id
     */
    record Extended(String extension, Result result) implements Outcome {}

    record Refused(Refusal refusal) implements Outcome {}
}
