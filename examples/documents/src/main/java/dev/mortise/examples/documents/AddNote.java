package dev.mortise.examples.documents;

import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.security.SecurityLevel;
import java.io.IOException;
import java.util.regex.Pattern;

/** The tool {@code add_note}. */
final class AddNote {
    /** 60 letters of four bytes, and the extension, fit into the 255 bytes that file systems allow. */
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N} ._()-]{0,58}[\\p{L}\\p{M}\\p{N})])?");

    private AddNote() {}

    record Arguments(
            @Description("How to name it: 1 to 60 letters, digits, spaces and . _ - ( ), such as"
                    + " 'Meeting 2026-11-22'; without folders")
            @Length(min = 1, max = 64)
            String name,

            @Description("What it says, as Markdown; begin with a heading, which becomes its title")
            @Length(min = 1, max = 500_000)
            String text) {
        Arguments {
            name = name.endsWith(".md") ? name.substring(0, name.length() - 3) : name;
            if (!NAME.matcher(name).matches() || name.contains("..")) {
                throw new IllegalArgumentException(
                        "name must have 1 to 60 letters, digits, spaces and . _ - ( ), begin and end with a letter or"
                                + " digit, and name no folder: choose another");
            }
        }
    }

    record Added(
            String name, @Description("What to read it by") String uri) {}

    static Tool to(DocumentFolder folder) {
        return Tool.named("add_note")
                .title("Add a note")
                .description("Creates a Markdown document. Never overwrites one.")
                .annotations(ToolAnnotations.builder()
                        .readOnly(false)
                        .destructive(false)
                        .idempotent(false)
                        .openWorld(false)
                        .build())
                .input(Arguments.class)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                .output(Added.class)
                .handle((note, call) -> add(folder, note));
    }

    private static Object add(DocumentFolder folder, Arguments note) throws IOException {
        DocumentName name = new DocumentName(note.name() + ".md");
        return folder.create(name, note.text())
                ? new Added(name.value(), name.uri())
                : ToolOutcome.failed("There is a document named " + name + " already, and nothing was changed."
                        + " Choose another name, or read it at " + name.uri() + " first.");
    }
}
