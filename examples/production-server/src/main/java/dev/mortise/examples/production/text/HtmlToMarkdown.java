package dev.mortise.examples.production.text;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** A page as Markdown: headings, paragraphs, lists, quotes, code, tables, links and emphasis. The rest is left out. */
public final class HtmlToMarkdown {
    /** Deeper than this, whoever wrote it did so to break readers. */
    private static final int DEEPEST = 50;

    private HtmlToMarkdown() {}

    public static String of(Element root) {
        return blocks(root, 0)
                        .replaceAll("(?<![ \\t])[ \\t]++\\n", "\n")
                        .replaceAll("\\n{3,}", "\n\n")
                        .strip() + "\n";
    }

    private static String blocks(Element element, int depth) {
        StringBuilder out = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (Node child : element.childNodes()) {
            if (child instanceof Element block && isBlock(block) && depth < DEEPEST) {
                paragraph(out, line);
                out.append(block(block, depth + 1)).append("\n\n");
            } else {
                line.append(inline(child, depth + 1));
            }
        }
        paragraph(out, line);
        return out.toString();
    }

    private static void paragraph(StringBuilder out, StringBuilder line) {
        if (!line.toString().isBlank()) {
            out.append(line.toString().strip()).append("\n\n");
        }
        line.setLength(0);
    }

    private static boolean isBlock(Element element) {
        return switch (element.normalName()) {
            case "table", "main" -> true;
            case "script", "style", "noscript", "template" -> false;
            default -> element.isBlock();
        };
    }

    private static String block(Element element, int depth) {
        return switch (element.normalName()) {
            case "h1", "h2", "h3", "h4", "h5", "h6" ->
                "#".repeat(element.normalName().charAt(1) - '0') + " " + line(element, depth);
            case "ul" -> list(element, depth, false);
            case "ol" -> list(element, depth, true);
            case "blockquote" -> "> " + blocks(element, depth).strip().replace("\n", "\n> ");
            case "pre" -> fenced(element.wholeText());
            case "hr" -> "---";
            case "table" -> table(element);
            case "head", "nav" -> "";
            default -> blocks(element, depth).strip();
        };
    }

    private static String list(Element list, int depth, boolean numbered) {
        StringBuilder out = new StringBuilder();
        int number = 1;
        for (Element item : list.children()) {
            String mark = numbered ? number++ + ". " : "- ";
            String text = blocks(item, depth + 1).strip().replaceAll("\\n{2,}", "\n");
            out.append(mark)
                    .append(text.replace("\n", "\n" + " ".repeat(mark.length())))
                    .append('\n');
        }
        return out.toString().stripTrailing();
    }

    private static String fenced(String code) {
        String fence = code.contains("```") ? "~~~~" : "```";
        return fence + "\n" + code.stripTrailing() + "\n" + fence;
    }

    private static String table(Element table) {
        List<Table> tables = Tables.of(table).tables();
        return tables.isEmpty() ? "" : tables.getFirst().markdown();
    }

    private static String line(Element element, int depth) {
        return element.childNodes().stream()
                .map(child -> inline(child, depth + 1))
                .collect(Collectors.joining())
                .strip();
    }

    private static String inline(Node node, int depth) {
        if (node instanceof TextNode text) {
            return Markup.escaped(text.getWholeText().replaceAll("\\s+", " "));
        }
        if (!(node instanceof Element element) || depth > DEEPEST) {
            return "";
        }
        return switch (element.normalName()) {
            case "script", "style", "noscript", "template" -> "";
            case "br" -> "  \n";
            case "strong", "b" -> marked("**", line(element, depth));
            case "em", "i" -> marked("*", line(element, depth));
            case "code", "kbd", "samp" -> "`" + element.text() + "`";
            case "a" -> link(element, line(element, depth));
            case "img" ->
                element.attr("alt").isBlank() ? "" : "![" + element.attr("alt") + "](" + url(element, "src") + ")";
            default ->
                element.childNodes().stream()
                        .map(child -> inline(child, depth + 1))
                        .collect(Collectors.joining());
        };
    }

    private static String marked(String mark, String text) {
        return text.isEmpty() ? "" : mark + text + mark;
    }

    private static String link(Element link, String text) {
        String url = url(link, "href");
        boolean leads = url.toLowerCase(Locale.ROOT).matches("(https?:|mailto:|/|#|\\.).*") && !text.isEmpty();
        return leads ? "[" + text + "](" + url + ")" : text;
    }

    private static String url(Element element, String attribute) {
        String absolute = element.absUrl(attribute);
        return (absolute.isEmpty() ? element.attr(attribute) : absolute)
                .strip()
                .replace(" ", "%20")
                .replace("(", "%28")
                .replace(")", "%29");
    }
}
