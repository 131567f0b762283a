package dev.mortise.rag.document;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * CommonMark with the tables of GitHub and front matter. The text is the source itself, so that a citation is what the
 * author wrote. Comments are in no block: readers do not see them.
 */
final class MarkdownParser implements DocumentParser {
    /** How deep lists and quotes may nest; deeper ones are text. */
    private static final int MAX_NESTING = 50;

    private static final int TABLE_HEADER_LINES = 2;

    /** The structure alone: of the text within a block nobody asks whether it is bold, and hostile text makes that slow. */
    private static final Parser BLOCKS = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(MAX_NESTING)
            .inlineParserFactory(context -> (lines, node) -> {})
            .build();

    private static final Parser INLINES = Parser.builder().build();

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---[ \\t]*\\n(.{0,20000}?\\n)?---[ \\t]*(\\n|\\z)", Pattern.DOTALL);
    private static final Pattern FRONT_MATTER_TITLE =
            Pattern.compile("^title:[ \\t]*[\"']?(.{1,500}?)[\"']?[ \\t]*$", Pattern.MULTILINE);

    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String text = Decoder.decode(source.bytes(), source.mediaType());
        Walk walk = new Walk(text);
        String parsed = text;
        Matcher front = FRONT_MATTER.matcher(text);
        if (front.find()) {
            walk.blocks.add(new Block.Code(0, front.end()));
            Matcher title = FRONT_MATTER_TITLE.matcher(front.group());
            walk.title = title.find() ? title.group(1) : null;
            // Blanks of the same length: offsets stay what they are.
            parsed = front.group().replaceAll("[^\\n]", " ") + text.substring(front.end());
        }
        Node document = BLOCKS.parse(parsed);
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            walk.visit(node);
        }
        return new ParsedText(walk.title, text, walk.blocks.finished());
    }

    /** From nodes to blocks. */
    private static final class Walk {
        private final String text;
        private final BlockList blocks;
        private @Nullable String title;

        Walk(String text) {
            this.text = text;
            this.blocks = new BlockList(text);
        }

        void visit(Node node) {
            if (node.getSourceSpans().isEmpty()) {
                return;
            }
            int start = start(node);
            int end = end(node);
            blocks.fillTo(start);
            switch (node) {
                case Heading heading -> heading(heading, start, end);
                case FencedCodeBlock code -> blocks.add(new Block.Code(start, end));
                case IndentedCodeBlock code -> blocks.add(new Block.Code(start, end));
                case TableBlock table -> blocks.add(Delimited.table(text, start, end, TABLE_HEADER_LINES));
                case ListBlock list -> items(list, 1);
                case HtmlBlock html when isComment(start, end) -> blocks.skipTo(end);
                default -> blocks.add(new Block.Prose(start, end));
            }
        }

        private void heading(Heading heading, int start, int end) {
            String plain = plain(text.substring(start, end));
            blocks.add(new Block.Heading(start, end, heading.getLevel(), plain));
            if (title == null && heading.getLevel() == 1) {
                title = plain;
            }
        }

        private void items(Node list, int depth) {
            for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
                if (item instanceof ListItem && isPlain(item)) {
                    blocks.add(new Block.Item(start(item), end(item), depth));
                } else {
                    parts(item, depth);
                }
            }
        }

        /** The parts of an item that has more than sentences in it. */
        private void parts(Node item, int depth) {
            for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
                if (part.getSourceSpans().isEmpty()) {
                    continue;
                }
                int start = start(part);
                int end = end(part);
                blocks.fillTo(start);
                switch (part) {
                    case ListBlock list -> items(list, depth + 1);
                    case FencedCodeBlock code -> blocks.add(new Block.Code(start, end));
                    case TableBlock table -> blocks.add(Delimited.table(text, start, end, TABLE_HEADER_LINES));
                    default -> blocks.add(new Block.Item(start, end, depth));
                }
            }
        }

        private static boolean isPlain(Node item) {
            for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
                if (part instanceof ListBlock || part instanceof FencedCodeBlock || part instanceof TableBlock) {
                    return false;
                }
            }
            return true;
        }

        private boolean isComment(int start, int end) {
            String html = text.substring(start, end).strip();
            return html.startsWith("<!--") && html.indexOf("-->") == html.length() - 3;
        }

        /** From the beginning of its first line: markers and indentation belong to a block. */
        private int start(Node node) {
            int first = node.getSourceSpans().getFirst().getInputIndex();
            return Math.max(blocks.end(), Lines.start(text, first));
        }

        private static int end(Node node) {
            SourceSpan last = node.getSourceSpans().getLast();
            return last.getInputIndex() + last.getLength();
        }

        /** A heading without its markup. */
        private static String plain(String heading) {
            String bounded = CleanText.cut(heading, DocumentReader.MAX_TITLE);
            StringBuilder words = new StringBuilder();
            INLINES.parse(bounded).accept(new Words(words));
            return CleanText.line(words.toString());
        }
    }

    /** What is written in a line, without what it means. */
    private static final class Words extends AbstractVisitor {
        private final StringBuilder words;

        Words(StringBuilder words) {
            this.words = words;
        }

        @Override
        public void visit(Text text) {
            words.append(text.getLiteral());
        }

        @Override
        public void visit(Code code) {
            words.append(code.getLiteral());
        }

        @Override
        public void visit(SoftLineBreak lineBreak) {
            words.append(' ');
        }
    }
}
