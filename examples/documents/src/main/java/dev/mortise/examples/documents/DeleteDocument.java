package dev.mortise.examples.documents;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.failed;

import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.json.Title;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.security.SecurityLevel;
import java.io.IOException;
import java.util.Optional;

/** The tool {@code delete_document}, which asks the user first. */
final class DeleteDocument {
    private static final String KEPT = "Nothing was deleted: the user ";

    private final DocumentFolder folder;

    private DeleteDocument(DocumentFolder folder) {
        this.folder = folder;
    }

    record Arguments(
            @Description("The name, as list_documents gives it") @Length(min = 1, max = 1024)
            String name) {}

    record Confirmation(@Title("Delete it for good") boolean delete) {}

    static Tool from(DocumentFolder folder) {
        return Tool.named("delete_document")
                .title("Delete a document")
                .description("Deletes a document for good, after asking the user.")
                .annotations(ToolAnnotations.builder()
                        .readOnly(false)
                        .destructive(true)
                        .idempotent(false)
                        .openWorld(false)
                        .build())
                .input(Arguments.class)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.HIGH)
                .handle((arguments, call) -> new DeleteDocument(folder).delete(arguments.name(), call));
    }

    private ToolOutcome delete(String name, ToolCall call) throws IOException {
        Optional<Document> found = DocumentName.of(name).flatMap(folder::find);
        if (found.isEmpty()) {
            return noSuchDocument(name);
        }
        Question<Confirmation> question = question(found.get());
        return switch (call.answer(question)) {
            case Answer.Accepted<Confirmation> yes
            when yes.value().delete() ->
                folder.delete(found.get().name()) ? ToolOutcome.done(name + " is deleted.") : noSuchDocument(name);
            case Answer.Accepted<Confirmation> no -> failed(KEPT + "did not confirm.");
            case Answer.Declined<Confirmation> no -> failed(KEPT + "declined. Do not try again unasked.");
            case Answer.Cancelled<Confirmation> no -> failed(KEPT + "dismissed the question.");
            case Answer.Missing<Confirmation> none -> ask(question);
        };
    }

    /** Names what would be lost. If that changes before the answer comes, this is another question, and is asked. */
    private static Question<Confirmation> question(Document document) {
        return Question.consent(
                "confirm",
                Confirmation.class,
                "Delete " + document.name() + " (" + document.size() + " bytes, changed " + document.modified()
                        + ")? This cannot be undone.");
    }

    private static ToolOutcome noSuchDocument(String name) {
        return failed("There is no document named " + name + ". Call " + ListDocuments.NAME + " for the names.");
    }
}
