package dev.mortise.examples.http;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Serves a folder of documents over HTTP until it is told to stop. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].matches("\\d{1,5}") || Integer.parseInt(args[0]) > 65535) {
            fail("usage: java -jar quickstart-http.jar PORT FOLDER      (PORT 0 for any that is free)");
        }
        try {
            DocumentsOverHttp http = DocumentsOverHttp.start(Integer.parseInt(args[0]), Path.of(args[1]));
            Runtime.getRuntime().addShutdownHook(new Thread(http::stop));
            System.out.println("listening on " + http.url());
            System.out.println("serving the documents of " + args[1] + "; Ctrl-C stops it. Try:");
            System.out.println("  npx @modelcontextprotocol/inspector --cli " + http.url() + " --method tools/list");
            http.join();
        } catch (IOException | InvalidPathException e) {
            boolean inUse = e.getCause() instanceof BindException;
            fail(inUse ? "port " + args[0] + " is in use: choose another, or 0 for any that is free" : e.getMessage());
        }
    }

    private static void fail(@Nullable String message) {
        System.err.println(message);
        System.exit(2);
    }
}
