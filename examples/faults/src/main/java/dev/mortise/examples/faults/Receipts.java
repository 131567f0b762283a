package dev.mortise.examples.faults;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.server.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** What depends on a disk. */
final class Receipts implements McpServer.Plugin {
    private static final String NAME = "receipt.txt";

    record Write(@Description("What the receipt says") String text) {}

    private final Path folder;
    private final Guard guard;

    Receipts(Path folder, FailureListener listener) {
        this.folder = folder;
        // No breaker: a full disk answers at once.
        this.guard = Guard.of(
                        "disk",
                        Protection.builder().timeout(Duration.ofSeconds(2)).build(),
                        listener)
                .unavailableWhen(IOException.class::isInstance);
    }

    Guard guard() {
        return guard;
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(Tool.named("write_receipt")
                .description("Writes the latest receipt")
                .input(Write.class)
                .handle((in, call) -> guard.call(() -> write(in.text()))));
    }

    /** The old receipt stays whole until the new one is. */
    private String write(String text) throws IOException {
        Path draft = Files.createTempFile(folder, "receipt", ".tmp");
        try {
            Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
            Files.move(draft, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
            return "Written.";
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
