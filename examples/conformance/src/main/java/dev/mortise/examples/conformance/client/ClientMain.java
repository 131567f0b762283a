package dev.mortise.examples.conformance.client;

import dev.mortise.mcp.json.Json;
import java.net.URI;
import tools.jackson.databind.JsonNode;

/**
 * The client that the conformance suite starts, once for each scenario:
 * {@code java -cp conformance-server.jar dev.mortise.examples.conformance.client.ClientMain URL}. The suite names the
 * scenario, and what belongs to it, in the environment.
 */
public final class ClientMain {
    private ClientMain() {}

    public static void main(String[] args) throws Exception {
        String scenario = System.getenv("MCP_CONFORMANCE_SCENARIO");
        if (args.length != 1 || scenario == null) {
            System.err.println("usage: MCP_CONFORMANCE_SCENARIO=NAME ClientMain URL");
            System.exit(2);
        }
        String context = System.getenv("MCP_CONFORMANCE_CONTEXT");
        JsonNode given = context == null ? Json.object() : Json.parse(context);
        try {
            Scenarios.run(scenario, URI.create(args[0]), given);
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }
}
