package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who may share a result that a client keeps (specification, server: Caching). */
public enum CacheScope {
    /** The result is the same for every caller, and any cache on the way may serve it to any of them. */
    @JsonProperty("public")
    PUBLIC,

    /** The result may be served again only within the authorization context it was made for. */
    @JsonProperty("private")
    PRIVATE
}
