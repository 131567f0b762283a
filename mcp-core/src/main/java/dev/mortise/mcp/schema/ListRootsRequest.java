package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Asks the client for the directories and files that the server may work on (specification, client: Roots). Deprecated
 * with roots themselves.
 */
@JsonTypeName(ListRootsRequest.METHOD)
@JsonInclude(NON_NULL)
public record ListRootsRequest(@Nullable RequestParams params) implements InputRequest {
    static final String METHOD = "roots/list";

    public static ListRootsRequest of() {
        return new ListRootsRequest(null);
    }

    @Override
    public String method() {
        return METHOD;
    }
}
