package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose context shall be added to a sampling request. Deprecated; leave it out, or say {@link #NONE}. */
public enum IncludeContext {
    @JsonProperty("none")
    NONE,
    @JsonProperty("thisServer")
    THIS_SERVER,
    @JsonProperty("allServers")
    ALL_SERVERS
}
