package dev.mortise.examples.production.text;

import dev.mortise.examples.production.tool.ToolKind;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.DefaultValue;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.Length;
import java.time.Duration;
import java.util.List;

/** Documents and texts that the model has in front of it: exactly, where a model would only be about right. */
public final class TextTools implements McpServer.Plugin {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final int LONGEST = 1_000_000;
    static final int SHORTER = 400_000;

    record Convert(
            @Description("The document") @Length(max = LONGEST)
            String content,

            @Description("How it is written") Format from,
            @Description("How it should be") Format to) {}

    record Converted(String content) {}

    record Document(
            @Description("The document") @Length(max = LONGEST)
            String content,

            @Description("How it is written") @DefaultValue("MARKDOWN")
            Format format) {}

    record Two(
            @Length(max = SHORTER) String before,
            @Length(max = SHORTER) String after,

            @Description("How many lines around each change are shown") @DefaultValue("3") @Bounds(min = 0, max = 20)
            int context) {}

    record ExtractedTables(
            List<Table> tables,

            @Description("Whether something was left out: of more than 100 tables, 10,000 rows or 200 columns")
            boolean cut) {}

    record Summarize(
            @Description("A text in English or Chinese") @Length(min = 1, max = SHORTER)
            String text,

            @Description("How many sentences, at most") @DefaultValue("5") @Bounds(min = 1, max = 50)
            int sentences) {}

    record Whole(@Length(max = SHORTER) String text) {}

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(ToolKind.COMPUTES
                        .named("convert_document", "Convert a document", TIMEOUT)
                        .description(
                                "Converts a document between Markdown, HTML and plain text. Scripts and styles are left"
                                        + " out, and HTML inside Markdown becomes text.")
                        .takes(Convert.class)
                        .gives(Converted.class)
                        .by((in, call) -> new Converted(Markup.convert(in.content(), in.from(), in.to()))))
                .tool(ToolKind.COMPUTES
                        .named("outline_document", "Outline a document", TIMEOUT)
                        .description(
                                "Lists the headings of a Markdown or HTML document with their levels, and the lines of"
                                        + " those in Markdown. Use it to find the way in a long document.")
                        .takes(Document.class)
                        .gives(Outline.class)
                        .by((in, call) -> Outline.of(in.content(), in.format())))
                .tool(ToolKind.COMPUTES
                        .named("extract_tables", "Extract tables", TIMEOUT)
                        .description("Takes the tables out of a Markdown or HTML document, as headers and rows.")
                        .takes(Document.class)
                        .gives(ExtractedTables.class)
                        .by((in, call) -> {
                            Tables.Found found = Tables.in(in.content(), in.format());
                            return new ExtractedTables(found.tables(), found.cut());
                        }))
                .tool(ToolKind.COMPUTES
                        .named("diff_texts", "Compare two texts", TIMEOUT)
                        .description("Compares two texts line by line, and gives what has changed as a unified diff.")
                        .takes(Two.class)
                        .gives(Comparison.class)
                        .by((in, call) -> Comparison.of(in.before(), in.after(), in.context())))
                .tool(ToolKind.COMPUTES
                        .named("summarize_text", "Summarize by quotation", TIMEOUT)
                        .description(
                                "Picks the sentences of an English or Chinese text that say most of it, word for word,"
                                        + " with their numbers. Nothing is reworded, so it can be quoted. Of a text that fits"
                                        + " into the conversation you can write a better summary yourself.")
                        .takes(Summarize.class)
                        .gives(Summary.class)
                        .by((in, call) -> Summary.of(in.text(), in.sentences())))
                .tool(ToolKind.COMPUTES
                        .named("count_text", "Count a text", TIMEOUT)
                        .description(
                                "Counts the characters, words, Chinese characters, sentences, paragraphs, lines and"
                                        + " bytes of a text. Use it whenever a text has to keep to a length.")
                        .takes(Whole.class)
                        .gives(TextFacts.class)
                        .by((in, call) -> TextFacts.of(in.text())));
    }
}
