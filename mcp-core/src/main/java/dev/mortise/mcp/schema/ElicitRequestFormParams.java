package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Asks the user to fill in a form.
 *
 * @param mode {@code form}, or {@code null} as older servers write it, which means the same
 * @param requestedSchema the fields of the form
 */
@JsonTypeName(ElicitRequestFormParams.MODE)
@JsonInclude(NON_NULL)
public record ElicitRequestFormParams(@Nullable String mode, String message, RequestedSchema requestedSchema)
        implements ElicitRequestParams {
    static final String MODE = "form";

    public ElicitRequestFormParams {
        if (mode != null && !mode.equals(MODE)) {
            throw new IllegalArgumentException("an elicitation has no mode \"" + mode + "\"");
        }
        Fields.required(message, "ElicitRequestFormParams.message");
        Fields.required(requestedSchema, "ElicitRequestFormParams.requestedSchema");
    }

    public static ElicitRequestFormParams of(String message, RequestedSchema requestedSchema) {
        return new ElicitRequestFormParams(MODE, message, requestedSchema);
    }
}
