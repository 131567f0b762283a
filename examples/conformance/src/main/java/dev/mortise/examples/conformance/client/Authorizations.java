package dev.mortise.examples.conformance.client;

import dev.mortise.mcp.client.HttpAuthorization;
import tools.jackson.databind.JsonNode;

/** The one place where a scenario gets its credentials. */
final class Authorizations {
    private Authorizations() {}

    /** @param context what the suite gives to this scenario: client ids, keys, tokens */
    static HttpAuthorization of(String scenario, JsonNode context) {
        return HttpAuthorization.none();
    }
}
