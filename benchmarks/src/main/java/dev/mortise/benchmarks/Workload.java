package dev.mortise.benchmarks;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.server.Tool;

/** The call that everything here makes: small, as most calls are, so that what is measured is the way to it and back. */
public final class Workload {
    static final String SERVER = "price-list";
    static final String VERSION = "1.0";
    public static final String TOOL = "quote";
    static final String STRUCTURED_TOOL = "quote_structured";

    /** Adds and removes an entry of the tool list by turns: something for listeners to hear of. */
    static final String CHANGE_TOOL = "change_list";

    /** What that tool says. */
    static final String CHANGED = "The list has changed";

    record Item(String product, int quantity, long cents) {
        String quote() {
            return text(product, quantity, cents);
        }
    }

    record Quote(String product, long totalCents) {}

    private Workload() {}

    /** The work itself, which every contender does. */
    static String text(String product, int quantity, long cents) {
        return quantity + " x " + product + ": " + quantity * cents + " cents";
    }

    public static McpServerBuilder builder() {
        return McpServer.builder(SERVER, VERSION)
                .tool(Tool.of(TOOL, "Quotes a price", Item.class, Item::quote))
                .tool(Tool.of(
                        STRUCTURED_TOOL,
                        "Quotes a price",
                        Item.class,
                        Quote.class,
                        in -> new Quote(in.product(), in.quantity() * in.cents())));
    }

    /** A {@code tools/call} of revision 2026-07-28. */
    public static String call(String tool) {
        return request("tools/call", """
                {"name":"%s","arguments":{"product":"oak board 2 m","quantity":12,"cents":1895},\
                "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                "io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0"},\
                "io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}},"sampling":{}}}}""".formatted(tool));
    }

    /** Opens a stream that hears of changes to the list of tools. */
    static String listen() {
        return request("subscriptions/listen", """
                {"notifications":{"toolsListChanged":true},\
                "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
                "io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0"},\
                "io.modelcontextprotocol/clientCapabilities":{}}}""");
    }

    private static String request(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }
}
