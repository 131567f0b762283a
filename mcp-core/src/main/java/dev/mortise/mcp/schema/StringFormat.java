package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The formats that a text field of a form may ask for. */
public enum StringFormat {
    @JsonProperty("email")
    EMAIL,
    @JsonProperty("uri")
    URI,
    @JsonProperty("date")
    DATE,
    @JsonProperty("date-time")
    DATE_TIME
}
