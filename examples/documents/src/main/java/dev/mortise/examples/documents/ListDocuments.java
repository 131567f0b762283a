package dev.mortise.examples.documents;

import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.SecurityLevel;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The tool {@code list_documents}. */
final class ListDocuments {
    static final String NAME = "list_documents";

    private final DocumentFolder folder;

    private ListDocuments(DocumentFolder folder) {
        this.folder = folder;
    }

    record Arguments(
            @Description("Only documents whose name or title contains this, in upper or lower case; all if left out")
            @Length(max = 200)
            @DefaultValue("")
            String filter,

            @Description("The most documents to return") @Bounds(min = 1, max = 1000) @DefaultValue("100")
            int limit) {}

    record Entry(
            String name,
            @Description("What to read it by") String uri,
            String title,
            @Description("In bytes") long size,
            Instant modified) {}

    record Listing(
            @Description("How many documents fit, including those beyond the limit")
            int total,

            List<Entry> documents) {}

    static Tool in(DocumentFolder folder) {
        return Tool.named(NAME)
                .title("List documents")
                .description("Lists the documents, ordered by name. To find out what they say, use search_documents.")
                .annotations(ToolAnnotations.builder()
                        .readOnly(true)
                        .openWorld(false)
                        .build())
                .input(Arguments.class)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .output(Listing.class)
                .handle((arguments, call) -> new ListDocuments(folder).list(arguments));
    }

    private Listing list(Arguments arguments) {
        String filter = arguments.filter().toLowerCase(Locale.ROOT);
        List<Entry> fitting = folder.documents().stream()
                .flatMap(document -> folder.head(document.name()).map(head -> entry(document, head)).stream())
                .filter(entry -> contains(entry.name(), filter) || contains(entry.title(), filter))
                .toList();
        return new Listing(
                fitting.size(), fitting.stream().limit(arguments.limit()).toList());
    }

    private static Entry entry(Document document, String head) {
        DocumentName name = document.name();
        return new Entry(name.value(), name.uri(), Headings.title(name, head), document.size(), document.modified());
    }

    private static boolean contains(String text, String filter) {
        return text.toLowerCase(Locale.ROOT).contains(filter);
    }
}
