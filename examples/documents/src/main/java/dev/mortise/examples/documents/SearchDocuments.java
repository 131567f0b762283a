package dev.mortise.examples.documents;

import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.security.SecurityLevel;
import java.util.List;

/** The tool {@code search_documents}. */
final class SearchDocuments {
    static final String NAME = "search_documents";

    private SearchDocuments() {}

    record Arguments(
            @Description("Words that the documents should contain, in English, Chinese or any other language; a"
                    + " document need not contain all of them")
            @Length(min = 1, max = 500)
            String query,

            @Description("The most documents to return") @Bounds(min = 1, max = 50) @DefaultValue("10")
            int limit) {}

    record Hit(
            String name,

            @Description("What to read the whole document by")
            String uri,

            String title,

            @Description("Where the document has most of the words")
            String snippet,

            @Description("Only of use to compare the results of one search")
            double score) {}

    record Results(
            @Description("How many documents have at least one of the words")
            int total,

            @Description("The best first") List<Hit> documents) {}

    static Tool in(DocumentFolder folder) {
        DocumentSearch search = new DocumentSearch(folder);
        return Tool.named(NAME)
                .title("Search documents")
                .description("Finds the documents that have the most to say on the words of a query, with a snippet of"
                        + " each. Read the resource at a result's uri for the whole text.")
                .annotations(ToolAnnotations.builder()
                        .readOnly(true)
                        .openWorld(false)
                        .build())
                .input(Arguments.class)
                .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                .output(Results.class)
                .handle((arguments, call) -> Words.asked(arguments.query()).isEmpty()
                        ? ToolOutcome.failed("The query has no words, only punctuation. Search for words.")
                        : search.find(arguments.query(), arguments.limit()));
    }
}
