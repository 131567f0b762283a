package dev.mortise.examples.observability;

import java.net.URI;

/** Serves until it is told to stop. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 1 || args.length > 2 || !args[0].matches("\\d{1,5}")) {
            System.err.println("usage: java -jar observability.jar PORT [OTLP-URL]      (PORT 0 for any that is free)");
            System.exit(2);
        }
        ObservedServer server =
                ObservedServer.start(Integer.parseInt(args[0]), args.length == 2 ? URI.create(args[1]) : null);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.err.println("listening on http://" + server.address() + "/mcp");
        System.err.println("metrics at   http://" + server.address() + "/metrics");
        server.join();
    }
}
