package dev.mortise.examples.faults;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.server.Tool;

/** The other server: knows the exchange rates. */
final class RatesServer {
    record In(@Description("Such as CNY") String currency) {}

    private RatesServer() {}

    static McpServer create() {
        return McpServer.builder("rates", "1.0")
                .tool(Tool.of("rate", "The price of a euro", In.class, Rates.Rate.class, in -> new Rates.Rate(7.8)))
                .build();
    }

    public static void main(String[] args) throws Exception {
        McpServer server = create();
        WebServer web = WebServer.start(Integer.parseInt(args[0]), server);
        System.out.println("listening on " + web.url());
        web.join();
    }
}
