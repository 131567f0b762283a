package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How the user is asked, told apart by {@code mode}; a request without a mode is a form. */
@JsonTypeInfo(
        use = JsonTypeInfo.Id.NAME,
        include = JsonTypeInfo.As.EXISTING_PROPERTY,
        property = "mode",
        visible = true,
        defaultImpl = ElicitRequestFormParams.class)
public sealed interface ElicitRequestParams permits ElicitRequestFormParams, ElicitRequestURLParams {
    /** Tells the user what is asked for, and why. */
    String message();
}
