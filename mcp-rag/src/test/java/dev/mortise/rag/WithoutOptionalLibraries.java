package dev.mortise.rag;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.rag.document.TikaParser;
import dev.mortise.rag.embed.OnnxEmbeddings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** A server whose class path has neither Tika nor ONNX Runtime. */
final class WithoutOptionalLibraries {
    private WithoutOptionalLibraries() {}

    public static void main(String[] arguments) {
        System.out.println("tika " + TikaParser.isAvailable());
        try (KnowledgeBase base = KnowledgeBase.inFolder(Path.of(arguments[0]));
                McpServer server = McpServer.builder("knowledge", "1")
                        .plugin(Knowledge.of(base))
                        .build();
                McpClient client = McpClient.inMemory(server).connect()) {
            System.out.println(client.callTool(
                    "ingest_document", Map.of("document", "a.md", "text", "# Pumps\n\nGrease the pump.")));
            System.out.println(client.callTool("search_knowledge", Map.of("query", "pump")));
            byte[] pdf = "%PDF-1.7\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);
            System.out.println("pdf "
                    + client.callTool(
                            "ingest_document",
                            Map.of(
                                    "document",
                                    "b.pdf",
                                    "base64",
                                    Base64.getEncoder().encodeToString(pdf))));
        }
        try {
            new TikaParser(TikaParser.Settings.standard());
        } catch (IllegalStateException e) {
            System.out.println("asked for " + e.getMessage());
        }
        try {
            OnnxEmbeddings.load(Path.of(arguments[0]), OnnxEmbeddings.Options.standard());
        } catch (IllegalStateException | IOException e) {
            System.out.println("and for " + e.getMessage());
        }
    }
}
