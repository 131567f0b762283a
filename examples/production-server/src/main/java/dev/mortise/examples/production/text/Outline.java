package dev.mortise.examples.production.text;

import dev.mortise.mcp.json.Description;
import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.jspecify.annotations.Nullable;

/** The headings of a document. */
record Outline(List<Entry> headings) {
    record Entry(
            @Description("1 is the highest") int level,
            String text,

            @Description("Of the Markdown, from 1") @Nullable
            Integer line) {}

    static Outline of(String text, Format format) {
        List<Entry> entries = new ArrayList<>();
        if (format == Format.HTML) {
            Markup.html(text)
                    .select("h1, h2, h3, h4, h5, h6")
                    .forEach(heading ->
                            entries.add(new Entry(heading.normalName().charAt(1) - '0', heading.text(), null)));
        } else {
            Markup.markdown(text).accept(new AbstractVisitor() {
                @Override
                public void visit(Heading heading) {
                    List<SourceSpan> spans = heading.getSourceSpans();
                    Integer line = spans.isEmpty() ? null : spans.getFirst().getLineIndex() + 1;
                    entries.add(new Entry(heading.getLevel(), words(heading), line));
                }
            });
        }
        return new Outline(entries);
    }

    private static String words(Heading heading) {
        StringBuilder words = new StringBuilder();
        heading.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                words.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                words.append(code.getLiteral());
            }
        });
        return words.toString();
    }
}
