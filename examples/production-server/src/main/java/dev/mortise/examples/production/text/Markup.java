package dev.mortise.examples.production.text;

import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** Reads Markdown and HTML, and writes each as the other or as text. */
public final class Markup {
    private static final Parser MARKDOWN = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(100)
            .build();
    // What somebody wrote into Markdown as HTML stays text, and links lead nowhere but to web pages and mail.
    private static final HtmlRenderer HTML = HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build();

    private Markup() {}

    static Node markdown(String text) {
        return MARKDOWN.parse(text);
    }

    public static Document html(String text) {
        return html(text, "");
    }

    /** @param base what relative links begin at */
    public static Document html(String text, String base) {
        return Jsoup.parse(text, base);
    }

    static String convert(String text, Format from, Format to) {
        return switch (from) {
            case MARKDOWN ->
                switch (to) {
                    case MARKDOWN -> text;
                    case HTML -> HTML.render(markdown(text));
                    case TEXT -> PlainText.of(html(HTML.render(markdown(text))));
                };
            case HTML ->
                switch (to) {
                    case MARKDOWN -> HtmlToMarkdown.of(html(text));
                    case HTML -> html(text).body().html();
                    case TEXT -> PlainText.of(html(text));
                };
            case TEXT ->
                switch (to) {
                    case MARKDOWN -> escaped(text);
                    case HTML -> HTML.render(markdown(escaped(text)));
                    case TEXT -> text;
                };
        };
    }

    /** Text in which nothing means anything to Markdown any more. */
    static String escaped(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>])", "\\\\$1")
                .replaceAll("(?m)^(\\s{0,3})([#+=-])", "$1\\\\$2")
                .replaceAll("(?m)^(\\s{0,3}\\d{1,9})([.)])", "$1\\\\$2");
    }
}
