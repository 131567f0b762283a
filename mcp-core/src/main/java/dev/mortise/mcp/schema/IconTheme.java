package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The background that an {@link Icon} is drawn for. */
public enum IconTheme {
    @JsonProperty("light")
    LIGHT,
    @JsonProperty("dark")
    DARK
}
