package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a user can do with a question. */
public enum ElicitAction {
    /** The user agreed. */
    @JsonProperty("accept")
    ACCEPT,

    /** The user said no. */
    @JsonProperty("decline")
    DECLINE,

    /** The user went away without a choice. */
    @JsonProperty("cancel")
    CANCEL
}
