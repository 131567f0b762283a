package dev.mortise.examples.production.text;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

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

    private static final String NO_BREAK = "&nbsp;";

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
                    case HTML -> withoutScripts(html(text)).body().html();
                    case TEXT -> PlainText.of(html(text));
                };
            case TEXT ->
                switch (to) {
                    case MARKDOWN -> plain(text);
                    case HTML -> HTML.render(markdown(plain(text)));
                    case TEXT -> text;
                };
        };
    }

    /** Without what runs, loads or dresses. */
    private static Document withoutScripts(Document document) {
        document.select("script, style, noscript, template, link").remove();
        for (Element element : document.getAllElements()) {
            List<String> names = element.attributes().asList().stream()
                    .map(Attribute::getKey)
                    .toList();
            for (String name : names) {
                String lower = name.toLowerCase(Locale.ROOT);
                String url =
                        element.attr(name).replaceAll("[\\s\\p{Cntrl}]", "").toLowerCase(Locale.ROOT);
                if (lower.startsWith("on")
                        || lower.equals("style")
                        || lower.equals("srcdoc")
                        || url.startsWith("javascript:")
                        || url.startsWith("vbscript:")) {
                    element.removeAttr(name);
                }
            }
        }
        return document;
    }

    /** A whole text, of which Markdown changes nothing: neither indented lines to code, nor those of tildes, nor tables. */
    private static String plain(String text) {
        return escaped(text)
                .replaceAll("([|~])", "\\\\$1")
                .lines()
                .map(Markup::indented)
                .collect(Collectors.joining("\n"));
    }

    private static String indented(String line) {
        int from = 0;
        StringBuilder spaces = new StringBuilder();
        while (from < line.length() && (line.charAt(from) == ' ' || line.charAt(from) == '\t')) {
            spaces.append(line.charAt(from++) == '\t' ? NO_BREAK.repeat(4) : NO_BREAK);
        }
        return from == line.length() ? "" : spaces + line.substring(from);
    }

    /** Text in which nothing means anything to Markdown any more. */
    static String escaped(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>]|&(?=#?\\w{1,40};))", "\\\\$1")
                .replaceAll("(?m)^(\\s{0,3})([#+=-])", "$1\\\\$2")
                .replaceAll("(?m)^(\\s{0,3}\\d{1,9})([.)])", "$1\\\\$2");
    }
}
