package dev.mortise.examples.rag;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.StdioTransport;
import dev.mortise.rag.Knowledge;
import dev.mortise.rag.KnowledgeBase;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Serves a folder of documents to be searched, over the standard streams; or asks such a server one question. */
public final class Main {
    private static final String USAGE =
            "usage: java -jar quickstart-rag.jar FOLDER INDEX, or --ask QUESTION FOLDER INDEX";

    private Main() {}

    public static void main(String[] arguments) {
        boolean asks = arguments.length > 0 && arguments[0].equals("--ask");
        String[] args = asks ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        if (args.length != (asks ? 3 : 2) || (asks && args[0].isBlank())) {
            fail(USAGE);
        }
        try {
            Path folder = Path.of(args[args.length - 2]);
            Path index = Path.of(args[args.length - 1]);
            if (!Files.isDirectory(folder)) {
                fail(folder + ": there is no such folder");
            }
            if (asks) {
                Asking.ask(args[0], folder, index);
            } else {
                serve(folder, index);
            }
        } catch (InvalidPathException | StoreUnavailable e) {
            fail(e.getMessage());
        }
    }

    private static void serve(Path folder, Path index) {
        try (KnowledgeBase documents = KnowledgeBase.inFolder(index);
                McpServer server = McpServer.builder("documents", "1.0")
                        .instructions("Search these documents before you answer, and cite what you found. Call"
                                + " ingest_folder with the root \"" + Asking.ROOT + "\" to index what has changed.")
                        .plugin(Knowledge.builder(documents)
                                .root(Asking.ROOT, folder)
                                .build())
                        .build()) {
            System.err.println("serving " + folder + " over standard input and output; the index is in " + index);
            StdioTransport.run(server::handle);
        }
    }

    /** Standard output belongs to the protocol. */
    private static void fail(@Nullable String message) {
        System.err.println(message);
        System.exit(2);
    }
}
