package dev.mortise.examples.replicas;

import dev.mortise.mcp.server.StateKeys;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Serves as one of several replicas until it is told to stop. */
public final class Main {
    private static final String KEY = "MORTISE_STATE_KEY";

    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].matches("\\d{1,5}") || Integer.parseInt(args[0]) > 65535) {
            fail("usage: java -jar replicas.jar PORT REDIS      (such as 8081 redis://127.0.0.1:6379)");
        }
        try {
            Replica replica = Replica.start(Integer.parseInt(args[0]), URI.create(args[1]), keys());
            Runtime.getRuntime().addShutdownHook(new Thread(replica::stop));
            System.out.println("listening on " + replica.url());
            replica.join();
        } catch (IOException | IllegalArgumentException e) {
            fail(e.getMessage());
        }
    }

    private static StateKeys keys() {
        String key = System.getenv(KEY);
        if (key == null) {
            throw new IllegalArgumentException(
                    KEY + " is not set: give all replicas the same one, from: openssl rand -base64 32");
        }
        return StateKeys.of(Base64.getDecoder().decode(key.strip()));
    }

    private static void fail(@Nullable String message) {
        System.err.println(message);
        System.exit(2);
    }
}
