package dev.mortise.examples.stdio;

import dev.mortise.examples.documents.DocumentServer;
import dev.mortise.mcp.transport.StdioTransport;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Serves a folder of documents over the standard streams, until the client closes them. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        if (args.length != 1) {
            fail("usage: java -jar quickstart-stdio.jar FOLDER");
        }
        try (DocumentServer documents = DocumentServer.over(Path.of(args[0]))) {
            System.err.println("serving the documents of " + args[0] + " over standard input and output");
            StdioTransport.run(documents.server()::handle);
        } catch (IOException | InvalidPathException e) {
            fail(e.getMessage());
        }
    }

    /** Standard output belongs to the protocol. */
    private static void fail(@Nullable String message) {
        System.err.println(message);
        System.exit(2);
    }
}
