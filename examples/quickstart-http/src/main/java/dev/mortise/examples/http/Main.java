package dev.mortise.examples.http;

import dev.mortise.security.secret.UnusableSecrets;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Serves a folder of documents over HTTP until it is told to stop. */
public final class Main {
    private static final String USAGE =
            "usage: java -jar quickstart-http.jar PORT FOLDER, or --secured PORT FOLDER DATA"
                    + "      (PORT 0 for any that is free)";

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        boolean secured = arguments.length > 0 && arguments[0].equals("--secured");
        String[] args = secured ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        if (args.length != (secured ? 3 : 2) || !args[0].matches("\\d{1,5}") || Integer.parseInt(args[0]) > 65535) {
            fail(USAGE);
        }
        try {
            Path data = secured ? Path.of(args[2]) : null;
            DocumentsOverHttp http = DocumentsOverHttp.start(Integer.parseInt(args[0]), Path.of(args[1]), data);
            Runtime.getRuntime().addShutdownHook(new Thread(http::stop));
            System.out.println("listening on " + http.url());
            System.out.println("serving the documents of " + args[1] + "; Ctrl-C stops it. Try:");
            System.out.println("  npx @modelcontextprotocol/inspector --cli " + http.url() + " --method tools/list"
                    + (secured ? " --header \"Authorization: Bearer KEY\"" : ""));
            http.welcome().forEach(System.out::println);
            http.join();
        } catch (IOException | InvalidPathException | UnusableSecrets e) {
            boolean inUse = e.getCause() instanceof BindException;
            fail(inUse ? "port " + args[0] + " is in use: choose another, or 0 for any that is free" : e.getMessage());
        }
    }

    private static void fail(@Nullable String message) {
        System.err.println(message);
        System.exit(2);
    }
}
