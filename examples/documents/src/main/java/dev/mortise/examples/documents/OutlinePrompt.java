package dev.mortise.examples.documents;

import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.schema.EmbeddedResource;
import dev.mortise.mcp.schema.PromptMessage;
import dev.mortise.mcp.schema.TextResourceContents;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptCall;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.security.SecurityLevel;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/** The prompt {@code outline}. */
final class OutlinePrompt {
    private static final String DOCUMENT = "document";

    private OutlinePrompt() {}

    static Prompt of(DocumentFolder folder) {
        return Prompt.named("outline")
                .title("Outline a document")
                .description("Asks for an outline of a document that follows its headings")
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .argument(DOCUMENT, "The name of the document, such as guide/setup.md")
                .complete(DOCUMENT, DocumentResources.names(folder))
                .handle(call -> outline(folder, call));
    }

    private static PromptOutcome outline(DocumentFolder folder, PromptCall call) throws IOException {
        String given = call.argument(DOCUMENT).orElseThrow();
        Optional<DocumentName> name = DocumentName.of(given);
        Optional<String> text = name.isEmpty() ? Optional.empty() : folder.text(name.get());
        if (name.isEmpty() || text.isEmpty()) {
            return PromptOutcome.refused(Refusal.InvalidParams.of("There is no document named " + given));
        }
        TextResourceContents contents = TextResourceContents.of(name.get().uri(), text.get())
                .withMimeType(name.get().mimeType());
        return PromptOutcome.messages(
                PromptMessage.user(request(name.get(), text.get())), PromptMessage.user(EmbeddedResource.of(contents)));
    }

    private static String request(DocumentName name, String text) {
        String headings = Headings.of(text).stream()
                .map(heading -> "  ".repeat(heading.level() - 1) + "- " + heading.text())
                .collect(Collectors.joining("\n"));
        return headings.isEmpty()
                ? "Outline " + name + ", which has no headings: find its parts, give each a heading and one sentence,"
                        + " and end with what it says as a whole."
                : "Outline " + name + ". These are its headings:\n\n" + headings
                        + "\n\nKeep to them; say in one sentence each what the part says, and end with what the"
                        + " document says as a whole.";
    }
}
