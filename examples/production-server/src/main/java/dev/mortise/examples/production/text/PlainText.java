package dev.mortise.examples.production.text;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** The text of a page as people read it: blocks apart, cells side by side, without scripts. */
public final class PlainText implements NodeVisitor {
    private final StringBuilder out = new StringBuilder();
    private int hidden;
    private int preformatted;

    private PlainText() {}

    public static String of(Element root) {
        PlainText text = new PlainText();
        root.traverse(text);
        return text.out
                .toString()
                .replaceAll("[ \\t\\x0B\\f\\r\\u00a0]+", " ")
                .replaceAll(" ?\\n ?", "\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    @Override
    public void head(Node node, int depth) {
        if (node instanceof TextNode text && hidden == 0) {
            out.append(
                    preformatted > 0 ? text.getWholeText() : text.getWholeText().replaceAll("\\s+", " "));
        } else if (node instanceof Element element) {
            switch (element.normalName()) {
                case "script", "style", "noscript", "template", "head" -> hidden++;
                case "pre" -> {
                    preformatted++;
                    separate(element);
                }
                case "br" -> out.append('\n');
                case "li" -> out.append("\n- ");
                default -> separate(element);
            }
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element element) {
            switch (element.normalName()) {
                case "script", "style", "noscript", "template", "head" -> hidden--;
                case "pre" -> {
                    preformatted--;
                    separate(element);
                }
                case "td", "th" -> out.append(" \t");
                case "li", "tr" -> out.append('\n');
                default -> separate(element);
            }
        }
    }

    private void separate(Element element) {
        if (element.isBlock() && !element.normalName().startsWith("t")) {
            out.append("\n\n");
        }
    }
}
