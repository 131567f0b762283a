package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the user did with a question.
 *
 * @param content the filled-in form; only with {@link ElicitAction#ACCEPT} and form mode. It comes from the client
 *     unchecked: validate it against the schema that was asked
 */
@JsonInclude(NON_NULL)
public record ElicitResult(ElicitAction action, @Nullable ObjectNode content) implements InputResponse {
    public ElicitResult {
        Fields.required(action, "ElicitResult.action");
    }

    /** The user filled in the form. */
    public static ElicitResult accept(ObjectNode content) {
        return new ElicitResult(ElicitAction.ACCEPT, content);
    }

    /** The user agreed to visit the URL. */
    public static ElicitResult accept() {
        return new ElicitResult(ElicitAction.ACCEPT, null);
    }

    public static ElicitResult decline() {
        return new ElicitResult(ElicitAction.DECLINE, null);
    }

    public static ElicitResult cancel() {
        return new ElicitResult(ElicitAction.CANCEL, null);
    }
}
