package dev.mortise.rag.document;

import dev.mortise.rag.document.DocumentRejected.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** HTML, as browsers read it. What a reader of the page does not see, scripts and hidden elements, is not in the text. */
final class HtmlParser implements DocumentParser {
    /** Of the source: the tree of elements takes some thirty times as much memory. */
    private static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    private static final int MAX_DEPTH = 256;

    /** Where a page says how it is encoded (HTML standard, 13.2.3.2: the first 1024 bytes). */
    private static final int PRESCANNED = 1024;

    @Override
    public ParsedText parse(DocumentSource source) throws DocumentRejected {
        String html = Decoder.decode(source.bytes(), declared(source));
        if (html.length() > MAX_CHARACTERS) {
            throw new DocumentRejected(Reason.TOO_LARGE, "A page of HTML may have " + MAX_CHARACTERS + " characters");
        }
        RenderedText rendered = new RenderedText(MAX_CHARACTERS);
        Parser parser = Parser.htmlParser().setMaxDepth(MAX_DEPTH);
        NodeTraversor.traverse(new Visitor(rendered), Jsoup.parse(html, "", parser));
        return rendered.finished();
    }

    private static String declared(DocumentSource source) {
        String head =
                new String(source.bytes(), 0, Math.min(source.bytes().length, PRESCANNED), StandardCharsets.ISO_8859_1);
        return source.mediaType() == null ? head : source.mediaType() + "\n" + head;
    }

    private record Visitor(RenderedText rendered) implements NodeVisitor {
        @Override
        public void head(Node node, int depth) {
            switch (node) {
                case TextNode text -> rendered.text(text.getWholeText());
                case Element element -> {
                    rendered.open(element.normalName(), isHidden(element));
                    if (element.normalName().equals("img")) {
                        rendered.text(element.attr("alt"));
                    }
                }
                default -> {}
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                rendered.close(element.normalName());
            }
        }

        private static boolean isHidden(Element element) {
            if (element.hasAttr("hidden") || element.attr("aria-hidden").equalsIgnoreCase("true")) {
                return true;
            }
            String style = element.attr("style").toLowerCase(Locale.ROOT).replace(" ", "");
            return style.contains("display:none") || style.contains("visibility:hidden");
        }
    }
}
