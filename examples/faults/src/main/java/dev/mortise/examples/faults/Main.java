package dev.mortise.examples.faults;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** Serves the shop until it is told to stop. */
public final class Main {
    private static final String TOKEN = "MORTISE_HEALTH_TOKEN";

    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 5 || !args[0].matches("\\d{1,5}") || Integer.parseInt(args[0]) > 65535) {
            System.err.println("usage: java -jar faults.jar PORT JDBC-URL REDIS RATES RECEIPTS\n"
                    + "  such as 8080 jdbc:postgresql://127.0.0.1/shop redis://127.0.0.1:6379"
                    + " http://127.0.0.1:8081/mcp /var/lib/shop");
            System.exit(2);
        }
        Shop shop = Shop.open(new Settings(
                Integer.parseInt(args[0]),
                args[1],
                URI.create(args[2]),
                URI.create(args[3]),
                Path.of(args[4]),
                Objects.requireNonNullElse(System.getenv(TOKEN), "")));
        WebServer web = WebServer.start(Integer.parseInt(args[0]), shop.server());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shop.server().close();
            web.stop();
            shop.close();
        }));
        System.out.println("listening on " + web.url());
        web.join();
    }
}
