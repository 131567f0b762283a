package dev.mortise.examples.documents;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An MCP server over a folder of documents: find them, read them, add notes, delete. Begin here; everything it is
 * composed of is a small class of its own beside this one.
 */
public final class DocumentServer implements AutoCloseable {
    private static final String INSTRUCTIONS = """
            This server holds a folder of text documents.
            To answer a question, call search_documents with the words that an answer would contain, then read the \
            resources whose uri it returns, and name the documents you used. Try other words before you conclude that \
            there is nothing. Use list_documents to see what there is.
            add_note creates a document and never overwrites one. delete_document asks the user first.
            """;

    private final McpServer server;
    private final FolderWatch watch;

    private DocumentServer(McpServer server, FolderWatch watch) {
        this.server = server;
        this.watch = watch;
    }

    /**
     * A server over a folder, whose subscribers hear of every change in it.
     *
     * @param plugins what is to stand around it; without any, everybody who reaches it may do everything
     * @throws IOException if the folder cannot be read or watched, saying why
     */
    public static DocumentServer over(Path path, McpServer.Plugin... plugins) throws IOException {
        DocumentFolder folder = DocumentFolder.open(path);
        McpServerBuilder builder = McpServer.builder("mortise-documents", "0.1.0")
                .title("Documents")
                .description("A folder of text documents")
                .instructions(INSTRUCTIONS)
                .tool(ListDocuments.in(folder))
                .tool(SearchDocuments.in(folder))
                .tool(AddNote.to(folder))
                .tool(DeleteDocument.from(folder))
                .resources(new DocumentResources(folder))
                .resourceTemplate(DocumentResources.template(folder))
                .prompt(OutlinePrompt.of(folder));
        for (McpServer.Plugin plugin : plugins) {
            builder.plugin(plugin);
        }
        McpServer server = builder.build();
        return new DocumentServer(server, FolderWatch.start(folder, server.events()));
    }

    /** What to hand to a transport: {@code server()::handle}. */
    public McpServer server() {
        return server;
    }

    /** Lets running calls finish, and stops watching the folder. */
    @Override
    public void close() {
        watch.close();
        server.close();
    }
}
